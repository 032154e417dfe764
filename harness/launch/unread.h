// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a matrix would show nothing on this machine, known before anything runs.
#include <string>
#include <vector>

#include "harness/evidence/pin_readers.h"
#include "harness/matrix/expand.h"

namespace reprise {

// This machine for that plan. GPUs are asked for only where a command could use one.
Host this_host(const Plan& plan);

// Why equal bits of these two plans on this machine would show nothing, or "".
std::string no_evidence_here(const Plan& a, const Plan& b);

// One text for each configuration: why it is not worth a run, or "". A configuration is not where one of its
// factors changes nothing that is read here: the run with that factor's first value says all there is.
std::vector<std::string> unread_here(const Planned& planned);

}  // namespace reprise
