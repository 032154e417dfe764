// SPDX-License-Identifier: Apache-2.0
#pragma once
// An option that has no effect is an error: somebody typed it for a reason.
#include <string>
#include <vector>

#include "harness/options/command_options.h"

namespace reprise {

// An Error if one of `idle` was typed; `where` says in what company they do nothing: "with --json, which
// writes no file".
void refuse_idle(const CommandOptions& app, const std::vector<std::string>& idle, const std::string& where);

// The same for what only native recipes take, if a command was typed behind --.
void refuse_idle_for_command(const CommandOptions& app);

}  // namespace reprise
