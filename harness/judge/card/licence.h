// SPDX-License-Identifier: Apache-2.0
#pragma once
// Licences by their SPDX identifiers, judged as the Model Openness Tool does (lfai/model_openness_tool
// @8b5d30e): open means approved by the Open Source Initiative, called free by the Free Software Foundation,
// or on the tool's list of open data licences; preferred means that it fits what it is the licence of.
#include <string>
#include <string_view>

#include "harness/judge/card/component.h"

namespace reprise {

// What a source says where a thing is published and no licence comes with it.
inline constexpr std::string_view unlicensed = "unlicensed";

bool is_spdx(std::string_view licence);
bool is_open(std::string_view licence);
// Some that are preferred are not open by the tool's own lists: PDDL-1.0 is one.
bool is_preferred(std::string_view licence, Content content);
// The SPDX identifier that somebody may have meant; "" where none is near.
std::string nearest_spdx(std::string_view licence);

// Identifiers, separated by spaces (spdx_ids.cpp).
extern const char* const spdx_open;
extern const char* const spdx_other;

}  // namespace reprise
