// SPDX-License-Identifier: Apache-2.0
#pragma once
// Metrics that became others from one night to another, drawn over nights.
#include "harness/judge/history/history.h"
#include "reports/layout/report.h"

namespace reprise {

Section drift_section(const History& history);

}  // namespace reprise
