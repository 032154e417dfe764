// SPDX-License-Identifier: Apache-2.0
#pragma once
// An openness card, and the table of all of them, as documents. What is published and what was measured stand
// beside each other and are never mixed; a thing of which no source tells says so.
#include <span>

#include "harness/judge/card/found.h"
#include "reports/layout/report.h"

namespace reprise {

Report card_report(const CardFound& found);
Report cards_report(std::span<const CardFound> cards);

}  // namespace reprise
