// SPDX-License-Identifier: Apache-2.0
#include "reports/members.h"

#include <cmath>

namespace reprise {

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

Json step_or_null(const std::optional<std::int64_t>& step) { return step ? Json(*step) : Json(); }

Json grid_members(const blocks::Grid& grid) {
  return {{"head", grid.head}, {"rows", grid.rows}, {"differs", grid.marked}};
}

Json grid_members(const std::optional<blocks::Grid>& grid) { return grid ? grid_members(*grid) : Json(); }

}  // namespace reprise
