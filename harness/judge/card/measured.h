// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was measured by running, taken from a matrix that is kept: which axes left the bits equal, which moved
// them, and how far they agree. It tells of the recipe that ran, not of the release, where the one is a
// scaled-down form of the other.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/verdict/verdict.h"

namespace reprise {

struct MeasuredAxis {
  std::string name;
  Finding finding = Finding::untested;
  std::string found;  // "2 moved them at step 1"
};

// How far the bits of runs agree that differ in no axis which changes the training itself, as a seed does.
struct BitHorizon {
  bool known = false;                    // not: too little was compared, or it parts where no axis tells
  std::optional<std::int64_t> parts_at;  // the first step at which some differ; nothing: equal to the end
  std::int64_t steps = 0;                // that all have
};

struct Measured {
  std::string recipe, recipe_id, matrix;  // the matrix file, as it was found
  std::size_t tested = 0, untested = 0, classes = 0;
  std::vector<MeasuredAxis> axes;
  BitHorizon horizon;
  std::string headline;
};

// A claim that `reprise claim` held against runs, from the report it left.
struct MeasuredClaim {
  std::string recipe, name, answer, sentence, report;  // "stands"; the report's file, as it was found
};

Measured measured_of(const Matrix& matrix, const Diff& diff, const Verdict& verdict, std::string file);
// "2 classes in 8 runs"; and "to the end (200 steps)", "parts at step 3 of 200", "not told".
std::string classes_words(const Measured& measured);
std::string horizon_words(const BitHorizon& horizon);

}  // namespace reprise
