// SPDX-License-Identifier: Apache-2.0
#pragma once
// One file in harness/commands/verbs is one command of `reprise`. Options are read here and nowhere below.
#include <functional>

#include "harness/base/shelf.h"
#include "harness/options/command_options.h"

namespace reprise {

struct Command {
  const char* summary;
  // Adds its options to `app` and gives the action, which returns the exit code: 0 same, 1 different, 2
  // trouble.
  std::function<int()> (*attach)(CommandOptions& app);
};

Shelf<Command> verbs_shelf();

}  // namespace reprise
