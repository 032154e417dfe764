// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a bisection says where there is no operator to look for.
#include <cstdint>
#include <string>

#include "harness/judge/compare/diff.h"
#include "harness/search/bisecting.h"

namespace reprise {

// Of two runs that do not part.
std::string equal_words(const RunTraces& a, const RunTraces& b);
// Of two of which one ends earlier, lacks a process, or holds its model in other parts.
Found found_beside_steps(const Divergence& first);
std::string length_words(const Divergence& first);
// Of sides with other numbers of ranks, which train alike but compute on other shares.
std::string world_size_words(const Divergence& first, const std::array<std::size_t, 2>& ranks);
// Of two that part in their data or in a batch.
std::string batch_words(const Divergence& first, const Trace& a, const Trace& b);
// Of two whose traces hold the operators of the step at which they part, and tell no more.
std::string nobody_named_words(std::int64_t step);
// Of two whose reruns did not part.
std::string never_struck_words(std::int64_t step, const BisectChoices& choices);
// Of two that were told different things, and call other operators: what to run instead.
std::string other_calls_words(const std::filesystem::path& run_a, const std::filesystem::path& run_b);

}  // namespace reprise
