// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words of a command line that its command does not take, or that it lacks, told so that the next try is
// right.
#include <string>
#include <vector>

#include "harness/options/command_options.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace reprise {

// "--axis" and so on, sorted.
std::vector<std::string> options_of(const CLI::App& command);

// "`reprise run` has no option --axis; `reprise matrix` has it". `command`: of `root`, after it was parsed.
std::string unexpected_words(const CLI::App& root, const CLI::App& command);

// What the parser found wrong, in one sentence: what was wanted, what was found, what to try.
std::string misuse_words(const CLI::App& root, const CLI::ParseError& error);

}  // namespace reprise
