// SPDX-License-Identifier: Apache-2.0
#pragma once
// The plan of a made command: its words as a shell splits them, and the scripts that it names.
#include <catch2/catch.hpp>

#include "harness/base/text.h"
#include "harness/plan/plan.h"

namespace reprise {

inline Plan told_command(const std::string& words, const std::vector<std::string>& scripts = {},
                         char content = 'a') {
  Plan plan;
  plan.recipe = "train";
  plan.command = CommandLine{shell_words(words), Seeding::imposed, {}, "/nowhere"};
  plan.pins = default_pins();
  plan.watch.keep = Keep::none;
  for (const auto& script : scripts) plan.data.push_back({script, script, std::string(64, content), ""});
  return plan;
}

}  // namespace reprise
