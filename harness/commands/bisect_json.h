// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bisection as one JSON document, "reprise.bisect/1".
#include <string>

#include "harness/judge/bisection.h"

namespace reprise {

// Keys whose value is unknown are null; numbers are never invented.
std::string bisection_json(const Bisection& found, const std::string& recipe);

}  // namespace reprise
