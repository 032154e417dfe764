// SPDX-License-Identifier: Apache-2.0
#pragma once
// The options of every command that signs.
#include <CLI/CLI.hpp>

#include "harness/attest/signing_key.h"

namespace reprise {

// --key, --key-env and --passphrase-env.
void add_key_options(CLI::App& app, KeyPlace& place);

}  // namespace reprise
