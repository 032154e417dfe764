// SPDX-License-Identifier: Apache-2.0
#pragma once
// Times, durations and rates as programs print them. Each function looks at the front of a text and gives
// back how much of it is one, 0 where it is none.
#include <string_view>

namespace reprise {

// A date, a time of day, or both: "2026-11-28 03:17:42,123", "Sat Nov 28 03:17:42 2026", "0:00:12.3",
// "20261128-031742".
std::size_t moment_at(std::string_view text);
// "20261128", with a time behind it or not.
std::size_t compact_date_at(std::string_view text);

// The unit behind a number: "s", " seconds", "ms", "it/s", " samples per second", "ms/step".
std::size_t time_unit_at(std::string_view behind);

// Whether a number behind such a word is a time, a rate, or of a process: "elapsed", "train_runtime", "pid".
bool names_time(std::string_view name);

}  // namespace reprise
