// SPDX-License-Identifier: Apache-2.0
#include "harness/options/word_checks.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include <fmt/format.h>

#include "harness/base/text.h"

namespace reprise {

WordCheck number_between(double low, double high) {
  return [low, high](const std::string& word) {
    double number = 0;
    if (CLI::detail::lexical_cast(word, number) && number >= low && number <= high) return std::string();
    return fmt::format("wanted a number from {} to {}, found '{}'", low, high, word);
  };
}

WordCheck one_of(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& word) {
    if (std::ranges::find(words, word) != words.end()) return std::string();
    return fmt::format("wanted {}, found '{}'", join(words, " or "), word);
  };
}

}  // namespace reprise
