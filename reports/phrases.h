// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words and numbers as a report writes them. No locale, the same text everywhere.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/matrix/matrix.h"

namespace reprise {

// Four significant digits more than a reader needs: "0.44121"; "not a number" for NaN, "infinite" with its
// sign.
std::string number_phrase(double value);
// A distance, two significant digits: "1.2e-07".
std::string distance_phrase(double value);
// "a, b and 3 more": at most `limit` names written out.
std::string names_phrase(const std::vector<std::string>& names, std::size_t limit);
// "step 1, gradients, fc2.weight, leaf 0 of 3; other batch order from step 1". No leaf where there is only
// one.
std::string parts_phrase(const Divergence& divergence);
// "no such device" -> "no such device."; an empty text stays empty.
std::string sentence(std::string text);
// The last value of a metric in these runs, by their indices: "test_accuracy 92.3 %", or "test_accuracy 74.8
// to 75.6 %" where they have others; "" where none has one.
std::string metric_phrase(const Diff& diff, const std::vector<std::size_t>& runs, const Metric& metric);
// Names of the runs of a class, at most `limit` of them written out.
std::string members_phrase(const Diff& diff, const EquivalenceClass& one, std::size_t limit);

// Of a run that was not done: "skipped", and why; both say something where nothing was recorded.
std::string kind_of(const Outcome& outcome);
std::string reason_of(const Outcome& outcome);

}  // namespace reprise
