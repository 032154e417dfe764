// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a compiler or linker that failed has to say, in one line.
#include <string>

#include "harness/watch/quiet_run.h"

namespace reprise {

// How it was ended, if not by itself; else its first complaint that names a cause; a linker's "ld returned 1"
// only where there is no other; else the beginning of what it printed. At most 300 bytes of it.
std::string compiler_complaint(const Said& said);

}  // namespace reprise
