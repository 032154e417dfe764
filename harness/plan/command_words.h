// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words of a command, told apart: what is run (the program, its script or module), and what that is told.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

// How an argument stands in the command.
enum class ArgumentForm {
  flag,    // --verbose
  spaced,  // --lr 0.1, in two words
  joined,  // --lr=0.1, lr=0.1
  placed   // a word without a name, which goes by its place
};

// What names a word that stands before what is run: no argument of that.
constexpr std::string_view before_source = "before ";

struct Argument {
  std::string name;  // "--lr", "lr"; of a placed one "1", "2", ... as in sys.argv, or "before 2"
  std::string value;
  ArgumentForm form;
  std::size_t word;  // of the command, where it begins
};

// The index of the word that says what is run: the first that names a script, or the one behind -c or -m;
// else 0, the program itself.
std::size_t source_word(const Plan& plan);

// All arguments, in their order. Whether "--verbose data" is an option with a value or a flag before a word
// is known to the program alone; it is taken for the former.
std::vector<Argument> arguments_of(const Plan& plan);

}  // namespace reprise
