// SPDX-License-Identifier: Apache-2.0
// For programs; every key is described in docs/report-json.md.
#include <nlohmann/json.hpp>

#include "reports/layout/format.h"
#include "reports/layout/names.h"

namespace reprise::formats {
namespace {

nlohmann::ordered_json document(const Report& report) {
  nlohmann::ordered_json all = {{"schema", report.schema}};
  if (report.schema == Report().schema) {
    all["recipe"] = report.recipe;
    all["recipe_id"] = report.recipe_id;
    all["steps"] = report.steps;
    all["reference"] = report.reference;
  }
  all["title"] = report.title;
  all["headline"] = report.headline;
  all["verdict"] = report.verdict;
  all["mood"] = name_of(report.mood);
  all["exit_code"] = report.exit_code;
  for (const auto* section : sections_by(report, &Order::data))
    for (const auto& [key, value] : section->members.items()) all[key] = value;
  return all;
}

}  // namespace

extern const Format json{
    .summary = "for programs: every key is documented",
    .extension = "json",
    .render =
        [](const Report& report, std::ostream& out) {
          out << document(report).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        },
};

}  // namespace reprise::formats
