// SPDX-License-Identifier: Apache-2.0
#pragma once
// Data files, named by the SHA-256 of their (unpacked) content and looked for in a few folders.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

// Where data is looked for, in this order: $REPRISE_DATA if it is set; ../shared/data beside the working
// folder and beside the folder that holds the build folder; $XDG_CACHE_HOME/reprise/data or
// ~/.cache/reprise/data.
std::vector<std::filesystem::path> data_folders();

// The content, unpacked if the name ends in .gz. No such file in any folder: Skip, which says what to fetch
// and where to put it. Another content than the recipe names: Error with both digests.
std::string read_data(const DataFile& file, const std::vector<std::filesystem::path>& folders);

// The content of a gzip stream (all its members). `where` names it in the Error for a broken one.
std::string unpacked(std::string_view gzip, std::string_view where);

}  // namespace reprise
