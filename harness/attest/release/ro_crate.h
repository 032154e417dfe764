// SPDX-License-Identifier: Apache-2.0
#pragma once
// The metadata of a research object (RO-Crate 1.1, Process Run Crate 0.5) that archives such as Zenodo keep:
// every file of the release, and every run as an action with its plan and its trace.
#include <string>

#include "harness/attest/release/release_facts.h"

namespace reprise {

std::string ro_crate_metadata(const ReleaseFacts& facts);

}  // namespace reprise
