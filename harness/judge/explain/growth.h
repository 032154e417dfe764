// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rounding, or another computation? How far two runs get from each other after they part, against a control:
// side A once more, with every weight moved by one ULP after the step at which they part. Rounding starts
// that small and grows as the training makes anything grow; another computation starts or gets far beyond it.
// Distances are measured on the values that the three runs kept (trace/value_file.h).
#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/judge/explain/stream_position.h"

namespace reprise {

inline constexpr double unknown_distance = std::numeric_limits<double>::quiet_NaN();

// Two runs after one step. Distances are relative, |a-b|_2 / |a|_2 over all tensors of the kind, a thinned
// tensor counted as the whole one; the loss's is |a-b| / |a|. NaN where a run has no such values.
struct ApartAt {
  std::int64_t step = 0;
  double weights = unknown_distance, gradients = unknown_distance, loss = unknown_distance;
  std::uint64_t weights_ulp = 0, gradients_ulp = 0;  // the largest of all elements that were kept; saturates
};

// From the two files of that step; the loss is left out. An Error if a file cannot be read.
ApartAt apart_at(const std::filesystem::path& run_a, const std::filesystem::path& run_b, std::int64_t step);

// A number of the optimizer, such as a learning rate, that two runs have otherwise.
struct NumberApart {
  std::string name;  // "group0.lr"
  double a = 0, b = 0;
};
// By name, from the two files of that step.
std::vector<NumberApart> numbers_apart(const std::filesystem::path& run_a, const std::filesystem::path& run_b,
                                       std::int64_t step);

enum class GrowthWord {
  as_rounding,  // never more than `near_ratio` times as far as the control
  between,      // neither
  beyond,       // from a step on at least `far_ratio` times as far
  untested
};
std::span<const Word<GrowthWord>> words_of(GrowthWord word);

// Adam makes much of the rounding of a gradient near zero: 17 was seen where only the instruction set
// differed.
inline constexpr double near_ratio = 100, far_ratio = 1000;
// Rounding in a coarser format than the weights have (TF32, BF16) comes about this far, relative.
inline constexpr double coarse_rounding = 0.05;
// A control that has come this far apart says no more: whatever differs, nothing gets much farther.
inline constexpr double control_spent = 0.01;

struct Growth {
  GrowthWord word = GrowthWord::untested;
  std::int64_t nudged = 0;              // the step after which the control's weights were moved
  std::int64_t from = 0;                // of `beyond`
  double ratio = 0;                     // the largest, of weights or gradients
  std::vector<ApartAt> apart, control;  // the two sides; side A and the control
  std::vector<NumberApart> numbers;     // of the two sides, after the first of the steps
  std::vector<StreamApart> streams;     // of the two sides, after the first of the steps
  std::string sentence;                 // the finding, or why there is none
};

// For a table: "no farther apart than rounding makes (at most 1.4 times a control)"; "" where it is untested.
std::string remark_of(const Growth& growth);

// "Numbers of the optimizer differ after step 3: group0.lr is 0.1 on side A and 0.05 on side B. ..."; ""
// where none do.
std::string numbers_sentence(const Growth& growth);

// Both lists hold the same steps in order, the first is `nudged`.
Growth growth_of(std::vector<ApartAt> apart, std::vector<ApartAt> control, std::int64_t nudged);

// As the reports have it (docs/report-json.md).
nlohmann::ordered_json to_json(const Growth& growth);

// How many times as far as the control the two sides are: the larger of weights and gradients; 0 where the
// control tells nothing there.
double ratio_of(const ApartAt& apart, const ApartAt& control);

}  // namespace reprise
