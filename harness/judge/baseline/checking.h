// SPDX-License-Identifier: Apache-2.0
#pragma once
// A run held against baselines. A match is said only where every process has the same length, chain and data,
// and what the run left is the same; another environment is never a mismatch.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/words.h"
#include "harness/judge/baseline/baseline.h"

namespace reprise {

enum class Held { match, mismatch, no_baseline, untested };
std::span<const Word<Held>> words_of(Held held);

// Where a run left its baseline, as far as the file's shortened digests tell.
struct LeftBaseline {
  std::string process;          // "rank 1"; "" where there is one
  std::int64_t equal_to = -1;   // the last step that is known to be equal; -1: none
  std::int64_t differs_at = 0;  // the first step that is known to differ
  std::string stage = {};       // the first that differs there, "gradients"; "length", "data",
                                // "process", "artifacts" as in a Divergence
};

struct BaselineCheck {
  Held held = Held::untested;
  std::string sentence = {};              // the verdict for people, with its reason
  std::optional<LeftBaseline> left = {};  // of a mismatch
  // Of a mismatch: what of software, machine and plan changed since, and where both runs lie here, of what
  // they read; a line each.
  std::vector<std::string> changed = {};
  std::vector<std::string> nearest = {};  // of no baseline: what differs from the nearest, a line each
  std::optional<Baseline> against = {};   // the baseline of this plan and environment, or the nearest
};

// `now`: as baseline_of() makes it of the run.
BaselineCheck check_baseline(const Baseline& now, const std::vector<Baseline>& baselines);
// Against one that the caller chose, whatever its plan and environment are.
BaselineCheck check_against(const Baseline& now, const Baseline& baseline);

// The baseline of that plan on that hardware; nullptr if there is none.
const Baseline* find_baseline(const Baseline& now, const std::vector<Baseline>& baselines);

// Baselines of one plan on two kinds of machines, as indices: all that can be compared.
std::vector<std::pair<std::size_t, std::size_t>> pairs_of_one_plan(const std::vector<Baseline>& baselines);

// Baselines of one plan whose runs are equal, on different hardware: each group could share one value. Groups
// of two and more, as indices.
std::vector<std::vector<std::size_t>> equal_environments(const std::vector<Baseline>& baselines);

}  // namespace reprise
