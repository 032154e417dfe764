// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pictures as inline SVG: no script, a <title> on every mark, colours by class backed by letters. Sizes are
// in the SVG's own units; the page scales them. Equal input gives equal bytes.
#include <string>
#include <vector>

#include "reports/report.h"

namespace reprise {

// One row per configuration; one lane per stage where it leaves the first one, a thin line where it never
// does (more than 12 of those fold into one row).
std::string strip_chart(const std::vector<Strip>& strips, std::int64_t steps);
// Left the losses, right their distance from the first class's on a log axis.
std::string curve_chart(const std::vector<Curve>& curves);
// Configuration by configuration, the first step that differs.
std::string heat_chart(const Heat& heat, std::int64_t steps);

// The number of the class's colour, 0 to 7: classes beyond share colours, and letters tell them apart.
int colour_of(const std::string& letter);

}  // namespace reprise
