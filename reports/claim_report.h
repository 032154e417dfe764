// SPDX-License-Identifier: Apache-2.0
#pragma once
// Claims that were held against runs become a document: a sentence for each, its picture, and every run that
// was started.
#include <string>
#include <vector>

#include "harness/judge/claim/held.h"
#include "reports/layout/report.h"

namespace reprise {

// `recipe`: its name. `command`: the words that do it again.
Report claim_report(const std::string& recipe, const std::string& recipe_id,
                    const std::vector<HeldClaim>& claims, const std::vector<std::string>& command);

}  // namespace reprise
