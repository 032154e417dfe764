// SPDX-License-Identifier: Apache-2.0
#pragma once
// The heat map of a machine's nights, the newest first. Older nights stand together, seven to a column, and
// neighbors in which nothing happened as one; a night in which bits moved always shows.
#include "reports/layout/series.h"
#include "reports/nights/machine_nights.h"

namespace reprise {

inline constexpr std::size_t nights_alone = 28;  // the newest, each with a column of its own
inline constexpr std::size_t nights_together = 7;

blocks::Nights night_cells(const MachineNights& machine, const Texts& texts);

}  // namespace reprise
