// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values as the JSON report holds them: a number that is not finite is null, and so is a step that never
// came.
#include <cstdint>
#include <optional>
#include <vector>

#include "reports/layout/report.h"

namespace reprise {

using Json = nlohmann::ordered_json;

Json number(double value);
Json numbers(const std::vector<double>& values);
Json step_or_null(const std::optional<std::int64_t>& step);
Json grid_members(const blocks::Grid& grid);
Json grid_members(const std::optional<blocks::Grid>& grid);

}  // namespace reprise
