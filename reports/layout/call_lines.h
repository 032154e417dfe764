// SPDX-License-Identifier: Apache-2.0
#pragma once
// The picture of the calls around the one that parts two sides, as lines of text for a terminal or for
// Markdown: a sign, the call's order, its name indented by depth.
#include <string>
#include <string_view>
#include <vector>

#include "reports/layout/blocks.h"

namespace reprise {

// "=" equal, "≠" differs, "▶" guilty, "A" or "B": that side alone makes it.
std::string_view sign_of(const blocks::Call& call);
// What the signs mean, in a sentence; only those that occur.
std::string signs_sentence(const std::vector<blocks::Call>& calls);
// Depth counted from the shallowest of `calls`, at most 10 deep: deeper ones stand at 10.
std::vector<std::int64_t> indents_of(const std::vector<blocks::Call>& calls);
// Each at most `columns` wide, nothing steers a terminal.
std::vector<std::string> call_lines(const std::vector<blocks::Call>& calls, std::size_t columns);

}  // namespace reprise
