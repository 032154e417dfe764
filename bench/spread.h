// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the benchmarks on a device tell many rounds in JSON.
#include <nlohmann/json.hpp>
#include <vector>

namespace reprise {

using Json = nlohmann::ordered_json;

// {"median": ..., "least": ..., "most": ..., "rounds": n} of some milliseconds, or of ratios; at least one.
Json spread(std::vector<double> values);

}  // namespace reprise
