// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a command is told beside what it runs: its arguments, the parameters of its recipe, variables of its
// environment.
#include <string_view>

#include "harness/plan/plan.h"

namespace reprise {

// Replaces what the command has under that name: a parameter of its recipe, the value of an option
// ("--lr 0.1", "--lr=0.1"), of a word as "lr=0.1", or the word that stands N places behind what is run ("1"
// is sys.argv[1]). Of an option without a value, "absent" takes it away and "present" leaves it. An Error
// where the command has nothing of that name: to put it somewhere would be a guess.
void set_argument(Plan& plan, std::string_view name, std::string_view value);

// Sets a variable of the command's environment; an Error for one that reprise itself decides.
void set_variable(Plan& plan, std::string_view name, std::string_view value);

}  // namespace reprise
