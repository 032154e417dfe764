// SPDX-License-Identifier: Apache-2.0
#pragma once
// What lies beside signed evidence and is not covered by the signature: whoever looks into the folder may
// take it for evidence too.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/attest/checks.h"
#include "harness/attest/statement.h"

namespace reprise {

// Adds the check "covered". A folder of its own, such as a release, holds nothing that was not signed but
// `bundle`, what is written with it, and what git keeps: anything else leaves the check untested. Where
// evidence was signed among other runs (`runs` are the names of its own), these are counted and named.
void check_covered(const Statement& statement, const std::filesystem::path& bundle,
                   const std::filesystem::path& files, const std::vector<std::string>& runs,
                   Verification& found);

}  // namespace reprise
