// SPDX-License-Identifier: Apache-2.0
#pragma once
// All nights of all machines as one document: what the last nights gave, a heat map for each machine, when
// bits last moved and what moved in the environment then, and metrics that drift.
#include "harness/judge/history/history.h"
#include "reports/layout/badge.h"
#include "reports/layout/report.h"
#include "reports/nights/machine_nights.h"

namespace reprise {

// Links are from the history's folder, in which the page lies. Equal histories give equal documents.
Report nights_page(const History& history);
// Of the last night of each machine.
Badge nights_badge(const History& history);

// What the last nights gave.
struct LastNights {
  std::size_t runs = 0, match = 0, mismatch = 0, no_baseline = 0, untested = 0;
};
// Of one machine, or with "" of the last night of each.
LastNights last_nights(const History& history, const std::string& machine);

}  // namespace reprise
