// SPDX-License-Identifier: Apache-2.0
#pragma once
// Verdicts about operators as JSON, one cell for each operator and cause.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/probe/compared_probes.h"

namespace reprise {

inline constexpr std::string_view probe_schema = "reprise.probes/1";

nlohmann::ordered_json to_json(const std::vector<ProbeVerdict>& verdicts, const ProbeOrder& order);

// What to_json() wrote, read back. An Error, with `where`, for anything else.
ProbeTable probe_table(std::string_view text, const std::string& where);

}  // namespace reprise
