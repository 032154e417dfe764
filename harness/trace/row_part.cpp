// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/row_part.h"

#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr std::string_view mark = " [rows ";

// Takes the number that stands before `end`, and both, from the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto number = to_integer(text.substr(0, at));
  text.remove_prefix(at + end.size());
  return number;
}

}  // namespace

std::string whole_name(const std::string& name) { return name.substr(0, name.find(" [shard ")); }

std::optional<RowPart> row_part(std::string_view name) {
  const auto at = name.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = name.substr(at + mark.size());
  const auto first = take_number(rest, " to "), last = take_number(rest, " of "), of = take_number(rest, "]");
  if (!first || !last || !of || !rest.empty() || *first < 1 || *last < *first || *of < *last)
    return std::nullopt;
  return RowPart{std::string(name.substr(0, at)), *first, *last, *of};
}

bool is_row_part(const Column& column) {
  return column.stage == Stage::weights && row_part(column.name).has_value();
}

std::set<std::string> row_parts(const Trace& trace) {
  std::set<std::string> names;
  for (const auto& column : trace.columns())
    if (is_row_part(column)) names.insert(column.name);
  return names;
}

}  // namespace reprise
