// SPDX-License-Identifier: Apache-2.0
#include "harness/left/collectives.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/files.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

std::string calls_phrase(std::int64_t calls) {
  if (calls == 0) return "no collective call";
  return fmt::format("{} collective call{}", calls, calls == 1 ? "" : "s");
}

std::string ranks_phrase(const std::vector<std::string>& ranks) {
  return (ranks.size() == 1 ? "rank " : "ranks ") + join(ranks, ", ");
}

// All ranks with the same number: that number; nothing if they differ, or one is not known.
std::optional<std::int64_t> common(const std::vector<RankCalls>& ranks, std::int64_t step) {
  const auto first = ranks.front().in(step);
  const bool same = std::ranges::all_of(ranks, [&](const RankCalls& one) { return one.in(step) == first; });
  return same ? first : std::nullopt;
}

std::string told(const std::vector<RankCalls>& ranks, std::int64_t step) {
  std::map<std::int64_t, std::vector<std::string>> by_calls;  // the fewest first
  for (const auto& one : ranks) by_calls[*one.in(step)].push_back(one.rank);
  std::vector<std::string> parts;
  for (const auto& [calls, who] : by_calls)
    parts.push_back(fmt::format("{} began {}", ranks_phrase(who), calls_phrase(calls)));
  std::string text = fmt::format("in step {} {}", step, join(parts, " and "));
  if (const auto before = common(ranks, step - 1))
    text += fmt::format(", where each began {} in step {}", calls_phrase(*before), step - 1);
  return text;
}

}  // namespace

std::optional<std::int64_t> RankCalls::in(std::int64_t step) const {
  if (step > steps) return std::nullopt;
  std::optional<std::int64_t> calls;
  for (const auto& one : from)
    if (one.step <= step) calls = one.calls;
  return calls;
}

std::optional<RankCalls> rank_calls_in(const std::filesystem::path& folder, const std::string& rank,
                                       std::int64_t steps) {
  const auto file = folder / collectives_name;
  if (!std::filesystem::is_regular_file(file)) return std::nullopt;
  RankCalls found;
  found.rank = rank;
  found.steps = steps;
  for (const auto& line : split(std::string(trim(read_file(file, "numbers of collective calls"))), '\n')) {
    const auto words = split(line, ' ');
    const auto step = words.size() == 2 ? to_integer(words[0]) : std::nullopt,
               calls = words.size() == 2 ? to_integer(words[1]) : std::nullopt;
    if (!step || !calls) return std::nullopt;
    found.from.push_back({*step, *calls});
  }
  return found;
}

std::string uneven_calls(const std::vector<RankCalls>& ranks) {
  if (ranks.size() < 2) return "";
  const std::int64_t all_made = std::ranges::min(ranks, {}, &RankCalls::steps).steps;
  for (std::int64_t step = 1; step <= all_made; ++step) {
    const bool known =
        std::ranges::all_of(ranks, [step](const RankCalls& one) { return one.in(step).has_value(); });
    if (known && !common(ranks, step)) return told(ranks, step);
  }
  return "";
}

}  // namespace reprise
