// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/plan_tables.h"

#include "harness/base/error.h"
#include "harness/base/scalar.h"

namespace reprise {

std::vector<DataFile> read_data(TomlTable& root) {
  std::vector<DataFile> files;
  for (auto& table : root.tables("data")) {
    files.push_back({table.text("name"), table.text("file"), table.text("sha256"), table.text("source")});
    table.finish();
  }
  return files;
}

std::optional<Metric> read_metric(TomlTable& root) {
  auto table = root.optional_table("metric");
  if (!table) return std::nullopt;
  Metric metric;
  metric.name = table->text("name");
  metric.unit = table->text("unit");
  const std::string better = table->text("better");
  if (better != "higher" && better != "lower")
    table->refuse("better", fmt::format("wanted \"higher\" or \"lower\", found {}", quoted_text(better)));
  metric.higher_is_better = better == "higher";
  metric.margin = table->number("margin");
  table->finish();
  return metric;
}

}  // namespace reprise
