// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where runs part, in words.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/judge/compare/diff.h"

namespace reprise {

// "a", "a and b", "a, b and c".
std::string listed(std::span<const std::string> words);
// Whether this tensor of the optimizer state is a number that it holds for a group of parameters,
// "group0.lr".
bool is_group_number(std::string_view tensor);
// "before training" for step 0, else "at step 12".
std::string when(std::int64_t step);
// The same of a divergence; "after step 12" where from there on one side has no more steps.
std::string when(const Divergence& divergence);
// "gradients of fc2.weight", "the batch order", "the data train.x", "one ended after step 12, the other after
// step 14"; with several processes "rank 1: ..." in front.
std::string place_of(const Divergence& divergence);
// "moved the bits at step 1 (gradients of fc2.weight)", "made runs of other lengths (...)", "left other files
// (...)".
std::string moved_words(const Divergence& divergence);
// How far equal runs were compared: "from the first step to the last", of how many processes.
std::string extent_of(const Diff& diff);
// "12 steps", or "rank 0: 12 steps; rank 1: 13 steps".
std::string lengths_of(const TraceSummary& trace);
// "1 run", "2 runs".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace reprise
