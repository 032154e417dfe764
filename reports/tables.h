// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tables of nothing but texts, made of what was judged or turned into a block.
#include <map>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "reports/layout/blocks.h"

namespace reprise {

using Named = std::map<std::string, std::string>;

// One column per class, told by its first run; one row per name that any of them has.
blocks::Grid side_by_side(const std::string& what, const Diff& diff, Named TraceSummary::*column);

// The same texts as a table with a caption. `terminal`: the widths of its columns there.
blocks::Table table_of(const blocks::Grid& grid, const std::string& caption,
                       const std::vector<std::size_t>& terminal = {});

}  // namespace reprise
