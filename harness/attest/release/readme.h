// SPDX-License-Identifier: Apache-2.0
#pragma once
// The page that lies in a release: what the evidence says, and how a stranger checks it, with reprise and
// without.
#include <string>

#include "harness/attest/release/release_facts.h"

namespace reprise {

std::string release_readme(const ReleaseFacts& facts);

}  // namespace reprise
