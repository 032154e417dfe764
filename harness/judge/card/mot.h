// SPDX-License-Identifier: Apache-2.0
#pragma once
// The record file of the Model Openness Tool (YAML; schema/mof_schema.json of lfai/model_openness_tool
// @8b5d30e), read as a card and written from one.
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/judge/card/card.h"

namespace reprise {

// What the record lists is published, with the record as its source; what it does not list has no source. A
// licence that SPDX does not know becomes an own one, not open, as the tool has it. What the schema asks for
// and the file lacks is an Error.
Card card_from_mot(std::string_view text, const std::filesystem::path& path);

// Components that are published in full; the record has no word for a part.
std::string mot_of(const Card& card);

// The texts that the schema takes for a field: "type", "architecture" or "treatment".
std::vector<std::string> mot_words(std::string_view field);

}  // namespace reprise
