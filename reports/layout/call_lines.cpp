// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/call_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

struct Sign {
  std::string_view state, sign, meaning;
};
constexpr Sign signs[] = {{"equal", "=", "equal on both sides"},
                          {"guilty", "▶", "where they part"},
                          {"first to differ", "▶", "where it shows first"},
                          {"differs", "≠", "differs because of it"},
                          {"side A only", "A", "side A alone calls it"},
                          {"side B only", "B", "side B alone calls it"}};

}  // namespace

std::string_view sign_of(const blocks::Call& call) {
  const auto found = std::ranges::find(signs, call.state, &Sign::state);
  return found == std::end(signs) ? "?" : found->sign;
}

std::string signs_sentence(const std::vector<blocks::Call>& calls) {
  std::vector<std::string> words;
  for (const auto& sign : signs)
    if (std::ranges::find(calls, sign.state, &blocks::Call::state) != calls.end())
      words.push_back(fmt::format("{} {}", sign.sign, sign.meaning));
  return words.empty() ? "" : join(words, "; ") + ".";
}

std::vector<std::int64_t> indents_of(const std::vector<blocks::Call>& calls) {
  constexpr std::int64_t deepest = 10;
  std::vector<std::int64_t> indents;
  if (calls.empty()) return indents;
  const std::int64_t shallowest = std::ranges::min(calls, {}, &blocks::Call::depth).depth;
  for (const auto& call : calls) indents.push_back(std::min(call.depth - shallowest, deepest));
  return indents;
}

std::vector<std::string> call_lines(const std::vector<blocks::Call>& calls, std::size_t columns) {
  const auto indents = indents_of(calls);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& call = calls[i];
    std::string line = fmt::format("{} {:>5}  {}{}", sign_of(call), call.order,
                                   std::string(static_cast<std::size_t>(2 * indents[i]), ' '), call.name);
    if (call.state != "equal" && call.state != "differs") {
      line += "  <- " + call.state;
      if (!call.phase.empty()) line += ", " + call.phase;
      if (!call.scope.empty()) line += ", in " + call.scope;
    }
    if (!call.place.empty())
      line += (call.state == "equal" || call.state == "differs" ? "  " : ", ") + call.place;
    lines.push_back(shortened(printable(line), columns));
  }
  return lines;
}

}  // namespace reprise
