// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sentences of a verdict, derived from what was compared.
#include <span>
#include <string>
#include <vector>

#include "harness/judge/diff.h"
#include "harness/judge/verdict.h"

namespace reprise {

// "a", "a and b", "a, b and c".
std::string listed(std::span<const std::string> words);
// "before training" for step 0, else "at step 12".
std::string when(std::int64_t step);
// "gradients of fc2.weight", "the batch order", "the data train.x".
std::string place_of(const Divergence& divergence);
// "1 run", "2 runs".
std::string counted(std::size_t count, std::string_view noun);

std::string headline_of(const Diff& diff, const Verdict& verdict);

}  // namespace reprise
