// SPDX-License-Identifier: Apache-2.0
#pragma once
// A held claim as the JSON report has it (docs/report-json.md).
#include "harness/judge/claim/held.h"
#include "reports/members.h"

namespace reprise {

Json claim_members(const HeldClaim& held);

}  // namespace reprise
