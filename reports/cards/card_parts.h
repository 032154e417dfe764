// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sections of a card, and the same facts for programs.
#include <nlohmann/json.hpp>

#include "harness/judge/card/found.h"
#include "reports/layout/report.h"

namespace reprise {

// How a claim is set in a table: its word in the colour of its mood, and its source with what it says more.
blocks::Words published_words(Published published);
std::string source_words(const Disclosure& claim);

Section components_section(const CardFound& found);
Section classes_section(const CardFound& found);
Section checklist_section(const CardFound& found);
Section manifest_section(const CardFound& found);
Section measured_section(const CardFound& found);

nlohmann::ordered_json measured_members(const CardFound& found);
nlohmann::ordered_json classes_members(const Mof& mof);

}  // namespace reprise
