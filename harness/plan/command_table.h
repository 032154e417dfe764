// SPDX-License-Identifier: Apache-2.0
#pragma once
// The part of a plan that says which command is run, as TOML: [command].
#include <string>

#include "harness/base/toml.h"
#include "harness/plan/plan.h"

namespace reprise {

// `with_folder`: also where it is started, which is no part of what names a plan.
std::string command_text(const CommandLine& command, bool with_folder);
CommandLine read_command(TomlTable& table);
// An Error where a command is asked for what only a native recipe can do, or has no words.
void check_command(const Plan& plan);

// The words with each {NAME} replaced: a parameter or a pin by its value, {out} by `out`. A name that is
// neither is left as it stands, for a program may use braces itself.
std::string filled_word(const Plan& plan, const std::string& word, const std::string& out);
std::vector<std::string> filled_words(const Plan& plan, const std::string& out);

}  // namespace reprise
