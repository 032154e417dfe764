// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bisection as one JSON document, "reprise.bisect/1".
#include <optional>
#include <string>

#include "harness/judge/explain/bisection.h"
#include "harness/judge/verdict/self_test.h"

namespace reprise {

// Keys whose value is unknown are null; numbers are never invented.
std::string bisection_json(const Bisection& found, const std::string& recipe,
                           const std::optional<SelfTest>& self_test = std::nullopt);

}  // namespace reprise
