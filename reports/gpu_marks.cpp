// SPDX-License-Identifier: Apache-2.0
// What two GPUs were expected to do to the bits, and whether they did.
#include <algorithm>

#include "harness/judge/explain/gpu_models.h"
#include "reports/marks.h"

namespace reprise {
namespace {

constexpr std::size_t pairs_told = 6;

Mood mood_of(const GpuOutcome& outcome) {
  if (!outcome.came_true) return Mood::neutral;
  return *outcome.came_true ? Mood::good : Mood::bad;
}

}  // namespace

std::vector<Mark> gpu_marks(const Diff& diff) {
  const auto pairs = gpu_pairs(diff);
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < std::min(pairs.size(), pairs_told); ++i)
    marks.push_back(
        {mood_of(pairs[i].outcome), "predicted from the two devices: " + pairs[i].outcome.sentence});
  if (pairs.size() > pairs_told)
    marks.push_back({Mood::neutral, std::to_string(pairs.size() - pairs_told) +
                                        " more pairs of devices are not shown; compare fewer runs"});
  return marks;
}

}  // namespace reprise
