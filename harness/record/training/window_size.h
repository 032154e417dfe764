// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether the operator calls still to come have room on the disk.
#include <cstdint>
#include <string>

namespace reprise {

// After `done` steps of a window took `bytes` on the disk, `left` steps are still to come and `free` bytes
// are there. "" if they fit; else a sentence that says how large the window is and offers a smaller one.
std::string no_room_for_window(std::uint64_t bytes, std::int64_t done, std::int64_t left, std::uint64_t free);

}  // namespace reprise
