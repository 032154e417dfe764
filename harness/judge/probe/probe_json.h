// SPDX-License-Identifier: Apache-2.0
#pragma once
// Verdicts about operators as JSON, one cell for each operator and cause.
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/judge/probe/judged_probe.h"

namespace reprise {

nlohmann::ordered_json to_json(const std::vector<ProbeVerdict>& verdicts, const ProbeOrder& order);

}  // namespace reprise
