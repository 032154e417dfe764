// SPDX-License-Identifier: Apache-2.0
#pragma once
// The badge of a release, which never says a word more than what was shown.
#include <string>

#include "harness/attest/test_result.h"
#include "reports/layout/badge.h"

namespace reprise {

std::string badge_words(TestEnd result);  // "all promises kept"
Badge badge_of(TestEnd result);

}  // namespace reprise
