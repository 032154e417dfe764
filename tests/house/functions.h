// SPDX-License-Identifier: Apache-2.0
#pragma once
// The functions of a source, told from its braces. It reads what clang-format writes, no more of C++ than
// that.
#include <string>
#include <vector>

namespace reprise {

struct Function {
  std::size_t first_line, lines;  // from its first word to its closing brace; lambdas inside count with it
  bool operator==(const Function&) const = default;
};

// Comments, texts and lines of the preprocessor blanked, so that every brace left is one of the code.
std::string only_code(const std::string& text);

std::vector<Function> functions_of(const std::string& text);

}  // namespace reprise
