// SPDX-License-Identifier: Apache-2.0
#include "reports/tables.h"

#include <set>

namespace reprise {

blocks::Grid side_by_side(const std::string& what, const Diff& diff, Named TraceSummary::*column) {
  blocks::Grid table;
  table.head.push_back(what);
  std::vector<const Named*> columns;
  for (const auto& one : diff.classes) {
    table.head.push_back(one.letter);
    columns.push_back(&(diff.traces[one.members.front()].*column));
  }
  std::set<std::string> names;
  for (const auto* one : columns)
    for (const auto& [name, value] : *one) names.insert(name);
  for (const auto& name : names) {
    std::vector<std::string> row = {name};
    std::set<std::string> values;
    for (const auto* one : columns) {
      const auto found = one->find(name);
      row.push_back(found == one->end() ? "not recorded" : found->second);
      values.insert(row.back());
    }
    table.rows.push_back(std::move(row));
    table.marked.push_back(values.size() > 1);
  }
  return table;
}

blocks::Table table_of(const blocks::Grid& grid, const std::string& caption,
                       const std::vector<std::size_t>& terminal) {
  blocks::Table table{.label = caption, .caption = caption};
  for (std::size_t i = 0; i < grid.head.size(); ++i) {
    table.columns.push_back({grid.head[i]});
    if (i < terminal.size()) table.columns.back().terminal = terminal[i];
  }
  for (const auto& line : grid.rows) {
    blocks::Row row;
    for (const auto& text : line) row.cells.push_back({text});
    table.rows.push_back(row);
  }
  return table;
}

}  // namespace reprise
