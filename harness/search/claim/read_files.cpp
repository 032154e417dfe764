// SPDX-License-Identifier: Apache-2.0
#include "harness/search/claim/read_files.h"

#include "harness/base/error.h"
#include "harness/watch/command_setting.h"

namespace reprise {

void keep_what_is_read(const std::string& file, Recipe& recipe, const Choices& choices,
                       const std::function<void(const std::string&)>& tell) {
  if (file.empty() || !recipe.defaults.command) return;
  const Plan plan = plan_of(recipe, choices);
  if (!plan.watch.artifacts.empty()) return;
  try {
    if (command_setting(plan, "{out}", tell).recorder) return;
  } catch (const Error&) {
    return;  // whoever starts it says what is wrong, or it is there where runs are made elsewhere
  }
  recipe.defaults.watch.artifacts = {file};
}

}  // namespace reprise
