// SPDX-License-Identifier: Apache-2.0
#pragma once
// The whole error convention. Trouble is one type, Error, whose sentence says what was wanted, found, and
// what to try. It is caught in the programs' mains, and where one file or run of many fails and becomes data.
// What differs between runs, or could not be done here, is data and never an Error.
#include <fmt/core.h>

#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

namespace reprise {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws an Error with the text that fmt makes of its arguments.
template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(fmt::format(format, std::forward<Args>(args)...));
}

// For what must hold if the program itself is right; on in release builds too. The Error names the source
// line.
void check(bool holds, const char* what, std::source_location where = std::source_location::current());

}  // namespace reprise
