// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words and escapes that several formats share.
#include <string>
#include <string_view>

#include "reports/layout/blocks.h"

namespace reprise {

std::string_view name_of(Mood mood);  // "good", "bad", "neutral"
// For HTML and XML text and attributes: & < > " ' escaped, characters that no document may hold replaced.
std::string escaped(std::string_view text);

// A class's letter decides its colour: "A" 0, ..., "H" 7, then from 0 again; letters tell them apart.
std::size_t colour_of(std::string_view letter);
// Its colour has been used before: such a class's lines are dashed.
bool is_dashed(std::string_view letter);

}  // namespace reprise
