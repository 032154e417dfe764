// SPDX-License-Identifier: Apache-2.0
#pragma once
// An examination as one JSON document, schema reprise.doctor/1 (docs/doctor.md), and its facts read back.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "harness/judge/doctor/examination.h"
#include "harness/judge/doctor/machine_diff.h"

namespace reprise {

nlohmann::ordered_json to_json(const Examination& found, const Plan& plan);
// An Error for a document of another schema, or one that is damaged. `where` names it for people.
Facts facts_from_json(std::string_view text, std::string_view where);

nlohmann::ordered_json to_json(const MachineDiff& diff);

}  // namespace reprise
