// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pictures as inline SVG: no script, a <title> on every mark, colours by class backed by letters. Sizes are
// in the SVG's own units; the page scales them. With many configurations rows fold by class; what is not
// drawn is said. Equal input gives equal bytes.
#include <string>
#include <vector>

#include "reports/layout/blocks.h"

namespace reprise {

// One row per configuration; one lane per stage where it leaves `reference`, a thin line where it never does.
// More than 12 rows fold by class, more than 12 thin lines into one.
std::string strip_chart(const std::vector<blocks::Strip>& strips, const std::string& reference,
                        std::int64_t steps);

// The losses by class; "" where no loss is a number.
std::string loss_chart(const std::vector<blocks::Curve>& curves);
// Their distance from the first class's on a log axis; "" where all are equal.
std::string distance_chart(const std::vector<blocks::Curve>& curves);
// How far two runs are apart and how far the control is, on a log axis; "" where nothing is apart.
std::string apart_chart(const blocks::Apart& apart);
// Classes beyond these are left out of both, and of the tables side by side.
inline constexpr std::size_t classes_drawn = 12;

// Configuration by configuration, the first step that differs; class by class if there are more than 16.
std::string heat_chart(const blocks::Heat& heat, std::int64_t steps);

// Our numbers beside a published one and its margin; "" where nothing is a finite number.
std::string dot_chart(const blocks::Dots& dots);
// Prices as dots on one axis, one row each, those of the front joined by a line; "" where none is a finite
// number.
std::string price_chart(const blocks::Prices& prices);
// Row by row, one of a few states in each column.
std::string presence_chart(const blocks::Presence& presence);

// Rows by nights as a table of HTML whose cells are links, so that a keyboard and a reader's voice reach
// them.
std::string nights_table(const blocks::Nights& nights);
// One number over nights; "" where no value is a finite number.
std::string drift_chart(const blocks::Drift& drift);

// The calls around the one that parts two sides, one line each, indented by depth.
std::string calls_chart(const std::vector<blocks::Call>& calls);

}  // namespace reprise
