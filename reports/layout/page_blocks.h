// SPDX-License-Identifier: Apache-2.0
#pragma once
// Each kind of block as a piece of the HTML page.
#include <string>
#include <vector>

#include "reports/layout/blocks.h"

namespace reprise::page {

// "" where a page shows nothing of them.
std::string html_of(const std::vector<Block>& blocks);

}  // namespace reprise::page
