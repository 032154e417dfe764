// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ending a program with all that it started. A process group does not hold them all: launchers of ranks, such
// as torchrun, give each rank a session of its own.
#include <sys/types.h>

#include <vector>

namespace reprise {

// The processes that `root` started, those that these started, and so on; it is not among them. Nothing where
// the system does not tell (/proc).
std::vector<pid_t> descendants_of(pid_t root);

// Ends `root`, its process group and its descendants at once. They are stopped first, so that none starts
// another meanwhile. What has lost its parent before is not found, unless it is in the group.
void kill_tree(pid_t root);

}  // namespace reprise
