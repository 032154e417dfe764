// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which words of a command name a script: these files are part of what is run, by their content.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

// Pairs of the word and its file below `folder`: the first word where it is a script of the user's own
// ("./train.py"), the second, any that ends in .py, and the module behind -m ("pkg.train" is pkg/train.py).
std::vector<std::pair<std::string, std::string>> scripts_named(const std::vector<std::string>& words,
                                                               const std::filesystem::path& folder);
// These files, by what they hold, among the plan's data: another script is another recipe.
void add_named_files(Plan& plan);

}  // namespace reprise
