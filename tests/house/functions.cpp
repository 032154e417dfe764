// SPDX-License-Identifier: Apache-2.0
#include "house/functions.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "harness/base/text.h"

namespace reprise {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Where what begins at `at` ends, if it is a comment, a text or a character; else `at` itself.
std::size_t end_of_blank(const std::string& text, std::size_t at) {
  const auto beyond = [&text](std::size_t found, std::size_t length) {
    return found == text.npos ? text.size() : found + length;
  };
  if (text.compare(at, 2, "//") == 0) return beyond(text.find('\n', at), 0);
  if (text.compare(at, 2, "/*") == 0) return beyond(text.find("*/", at + 2), 2);
  if (text.compare(at, 2, "R\"") == 0 && (at == 0 || !is_word(text[at - 1]))) {
    const auto open = text.find('(', at);
    const std::string close = ")" + text.substr(at + 2, open - at - 2) + "\"";
    return beyond(text.find(close, open), close.size());
  }
  // A quote in a number, as in 1'000, begins nothing.
  const bool begins = text[at] == '"' || (text[at] == '\'' && (at == 0 || !is_word(text[at - 1])));
  if (!begins) return at;
  std::size_t end = at + 1;
  while (end < text.size() && text[end] != text[at]) end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

void blank(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i)
    if (text[i] != '\n') text[i] = ' ';
}

void blank_preprocessor(std::string& text) {
  std::size_t at = 0;
  bool goes_on = false;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto first = std::min(text.find_first_not_of(' ', at), end);
    const bool directive = goes_on || (first < end && text[first] == '#');
    goes_on = directive && end > at && text[end - 1] == '\\';
    if (directive) blank(text, at, end);
    at = end + 1;
  }
}

// Whether the brace after these words begins a function's body.
bool begins_function(const std::string& words) {
  static const std::regex other(
      "^(template <.*> )?(inline )?(namespace|extern|struct|class|union|enum)\\b(?!.*\\) (const )?$).*");
  if (!words.ends_with(' '))
    return false;  // a_{1}, std::vector<int>{1}: clang-format puts a space before a body
  const std::string_view trimmed = trim(words);
  if (trimmed.empty() || std::regex_match(words, other)) return false;
  if (std::string_view("=,(").find(trimmed.back()) != std::string_view::npos) return false;
  return trimmed.find(')') != std::string_view::npos || trimmed.back() == ']';
}

// Walks through the braces of code outside functions, and over each function as a whole.
class Walk {
 public:
  std::vector<Function> functions;

  void take(char c) {
    line_ += c == '\n' ? 1 : 0;
    if (c == '{') return open();
    if (c == '}') return close();
    if (within_function()) return;
    if (c == ';' || (c == ':' && (words_ == "public" || words_ == "private" || words_ == "protected")))
      words_.clear();
    else if (c == '\n' || c == ' ')
      words_ += words_.empty() || words_.ends_with(' ') ? "" : " ";
    else
      add(c);
  }

 private:
  enum class Kind { function, scope, values };
  struct Brace {
    Kind kind;
    std::string words;  // those before it
    std::size_t first_line;
  };

  bool within_function() const {
    return std::ranges::any_of(open_, [](const Brace& one) { return one.kind == Kind::function; });
  }
  void add(char c) {
    if (words_.empty()) first_line_ = line_;
    words_ += c;
  }
  void open() {
    static const std::regex scope(
        "^(template <.*> )?(inline )?(namespace|extern|struct|class|union|enum)\\b.*");
    const bool function = begins_function(words_);
    const auto kind = function                          ? Kind::function
                      : std::regex_match(words_, scope) ? Kind::scope
                                                        : Kind::values;
    open_.push_back({kind, words_, first_line_});
    words_.clear();
  }
  void close() {
    if (open_.empty()) return;
    const Brace last = open_.back();
    open_.pop_back();
    if (last.kind == Kind::function && !within_function())
      functions.push_back({last.first_line, line_ - last.first_line + 1});
    // After values the statement goes on: `Name() : a_{1} {`.
    words_ = last.kind == Kind::values ? last.words + "{}" : "";
    first_line_ = last.first_line;
  }

  std::vector<Brace> open_;
  std::string words_;  // since the last brace or semicolon
  std::size_t line_ = 1, first_line_ = 1;
};

}  // namespace

std::string only_code(const std::string& text) {
  std::string code = text;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = end_of_blank(text, at);
    blank(code, at, end);
    at = std::max(end, at + 1);
  }
  blank_preprocessor(code);
  return code;
}

std::vector<Function> functions_of(const std::string& text) {
  Walk walk;
  for (const char c : only_code(text)) walk.take(c);
  return walk.functions;
}

}  // namespace reprise
