// SPDX-License-Identifier: Apache-2.0
#pragma once
// A badge of a result: as an image, and as the JSON that shields.io draws from a URL.
#include <string>

#include "harness/attest/test_result.h"

namespace reprise {

// "all promises kept"; never a word more than what was shown.
std::string badge_words(TestEnd result);
std::string badge_svg(TestEnd result);
std::string badge_endpoint(TestEnd result);

}  // namespace reprise
