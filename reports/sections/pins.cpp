// SPDX-License-Identifier: Apache-2.0
// The pins of each class side by side.
#include "reports/members.h"
#include "reports/section.h"
#include "reports/tables.h"

namespace reprise::sections {

extern const SectionComposer pins{
    .summary = "the pins of each class side by side",
    .order = {.page = 100},
    .compose =
        [](const Judged& judged) {
          const auto grid = side_by_side("pin", judged.diff, &TraceSummary::pins);
          return Section{.heading = "Pins",
                         .blocks = {{blocks::Sides{"Pins", "pins", grid}, Readers::pages}},
                         .members = {{"pins", grid_members(grid)}}};
        },
};

}  // namespace reprise::sections
