// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of nights that nobody ran.
#include <fmt/core.h>

#include <string>
#include <string_view>

#include "harness/base/text.h"
#include "harness/judge/history/history.h"

namespace reprise {

inline HistoryRow made_row(std::int64_t night, const std::string& recipe, std::string_view found,
                           const std::string& machine = "a") {
  HistoryRow row;
  row.night = night;
  row.date = fmt::format("2026-{:02}-{:02}T03:00:00Z", 1 + night / 28 % 12, 1 + night % 28);
  row.machine = machine;
  row.environment = "0123456789ab";
  row.hardware = "a test";
  row.matrix = row.recipe = recipe;
  row.run = "baseline";
  row.plan = "0123456789abcdef";
  row.found = word_from<Held>(found, "found");
  row.chain = row.found == Held::untested ? "" : "1234567890abcdef1234567890abcdef";
  row.metric = "accuracy";
  row.value = 90.5;
  row.facts = "0a1b2c3d4e5f";
  row.report = fmt::format("nights/{}/{:04}/{}/report.html", machine, night, recipe);
  return row;
}

}  // namespace reprise
