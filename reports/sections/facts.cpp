// SPDX-License-Identifier: Apache-2.0
// Facts of machine and programs, of each class, side by side.
#include "reports/members.h"
#include "reports/section.h"
#include "reports/tables.h"

namespace reprise::sections {

extern const SectionComposer facts{
    .summary = "machine and programs of each class side by side",
    .order = {.page = 110},
    .compose =
        [](const Judged& judged) {
          const auto grid = side_by_side("fact", judged.diff, &TraceSummary::facts);
          return Section{.heading = "What ran",
                         .blocks = {{blocks::Sides{"What ran", "facts", grid}, Readers::pages}},
                         .members = {{"facts", grid_members(grid)}}};
        },
};

}  // namespace reprise::sections
