// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words of a command line that no option of the command takes, told so that the next try is right.
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace reprise {

// "--axis" and so on, sorted.
std::vector<std::string> options_of(const CLI::App& command);

// "`reprise run` has no option --axis; `reprise matrix` has it". `command`: of `root`, after it was parsed.
std::string unexpected_words(const CLI::App& root, const CLI::App& command);

}  // namespace reprise
