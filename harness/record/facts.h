// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who ran: versions, library files, processor, threads, kernel, and the environment that counts. Two equal
// runs on one machine have equal facts, whatever folder they ran in: no path, process number or time is among
// them.
#include "harness/trace/trace.h"

namespace reprise {

// To be called when everything is loaded and the pins are set.
Facts gather_facts();

}  // namespace reprise
