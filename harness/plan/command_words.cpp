// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/command_words.h"

#include <algorithm>
#include <cctype>

#include "harness/base/error.h"

namespace reprise {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// "--lr", "-x", "-Wignore"; no number such as -1 and no lone dash.
bool is_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && (word[1] == '-' || is_letter(word[1]));
}

// "-c", "-m", "-Bc": the next word is a program's text or a module.
bool announces_source(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && word[1] != '-' && (word.back() == 'c' || word.back() == 'm') &&
         std::ranges::all_of(word.substr(1), is_letter);
}

// The name in "model.lr=0.1"; "" where it is none.
std::string_view assigned_name(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return "";
  const std::string_view name = word.substr(0, equals);
  const bool named = (is_letter(name[0]) || name[0] == '_' || name[0] == '+' || is_option(name)) &&
                     std::ranges::all_of(name.substr(1), [](char c) {
                       return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ||
                              c == '.' || c == '/' || c == '@' || c == '+';
                     });
  return named ? name : "";
}

}  // namespace

std::size_t source_word(const Plan& plan) {
  const auto& words = plan.command->words;
  const auto names_script = [&](const std::string& word) {
    return std::ranges::any_of(plan.data, [&](const DataFile& file) { return file.name == word; });
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (names_script(words[i])) return i;
    if (i > 0 && announces_source(words[i]) && i + 1 < words.size()) return i + 1;
  }
  return 0;
}

std::vector<Argument> arguments_of(const Plan& plan) {
  const auto& words = plan.command->words;
  const std::size_t source = source_word(plan);
  std::vector<Argument> arguments;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (i == source || (i + 1 == source && announces_source(word))) continue;
    const bool has_next = i + 1 < words.size() && i + 1 != source && !is_option(words[i + 1]);
    if (const auto name = assigned_name(word); !name.empty()) {
      arguments.push_back({std::string(name), word.substr(name.size() + 1), ArgumentForm::joined, i});
    } else if (is_option(word) && has_next) {
      arguments.push_back({word, words[i + 1], ArgumentForm::spaced, i});
      ++i;
    } else if (is_option(word)) {
      arguments.push_back({word, "present", ArgumentForm::flag, i});
    } else {
      const std::string place =
          i < source ? fmt::format("{}{}", before_source, i) : std::to_string(i - source);
      arguments.push_back({place, word, ArgumentForm::placed, i});
    }
  }
  return arguments;
}

}  // namespace reprise
