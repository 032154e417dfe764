// SPDX-License-Identifier: Apache-2.0
#pragma once
// The options of every command that signs.

#include "harness/attest/signing_key.h"
#include "harness/options/command_options.h"

namespace reprise {

// --key, --key-env and --passphrase-env.
void add_key_options(CommandOptions& app, KeyPlace& place);

}  // namespace reprise
