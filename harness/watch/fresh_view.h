// SPDX-License-Identifier: Apache-2.0
#pragma once
// The half of --fresh that runs in a process of its own, which then becomes the command: it puts an overlay
// over the working folder, in a mount namespace that nobody else sees.
#include <filesystem>
#include <string>
#include <vector>

namespace reprise {

// The first argument by which `reprise` is called for this, and no option for people.
inline constexpr const char* view_word = "--in-view";

// Arguments of such a call: view_word, the folder, a place for the overlay's parts (upper, work, keep), the
// folder of runs, and the words of the command. Does not come back if all goes well; else says why on
// standard error and gives an exit code.
int enter_view(const std::vector<std::string>& arguments);

// What lies below the folder and is mounted there from elsewhere: not part of an overlay.
std::vector<std::filesystem::path> mounted_below(const std::filesystem::path& folder);

}  // namespace reprise
