// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/ptx_text.h"

#include <utility>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string without_comments(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool line = text.compare(i, 2, "//") == 0, block = text.compare(i, 2, "/*") == 0;
    if (!line && !block) {
      if (text[i] != '\0') out += text[i];  // the text in a fat binary ends with zeros
      ++i;
      continue;
    }
    const std::size_t end = text.find(line ? "\n" : "*/", i);
    if (end == std::string::npos) break;
    i = line ? end : end + 2;
    out += ' ';
  }
  return out;
}

// Reads the text from front to back.
class Cursor {
 public:
  explicit Cursor(std::string text) : text_(std::move(text)) {}
  bool at_end() {
    at_ = text_.find_first_not_of(blanks, at_);
    if (at_ == std::string::npos) at_ = text_.size();
    return at_ == text_.size();
  }
  // All up to one of the characters, which is taken as well and kept in `ended_by`.
  std::string until(std::string_view characters) {
    const std::size_t end = text_.find_first_of(characters, at_);
    if (end == std::string::npos) throw Fault("PTX ends in the middle of '" + text_.substr(at_, 60) + "'");
    std::string part = trimmed(std::string_view(text_).substr(at_, end - at_));
    ended_by = text_[end];
    at_ = end + 1;
    return part;
  }
  bool take(char wanted) {
    if (at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  char ended_by = 0;

 private:
  std::string text_;
  std::size_t at_ = 0;
};

// The operands {%r1, %r2} hold braces of their own, so a `{` ends a statement only where it begins one.
std::vector<std::string> statements_of(Cursor& cursor) {
  std::vector<std::string> statements;
  std::string open;
  while (true) {
    if (cursor.at_end()) throw Fault("PTX ends inside a kernel");
    std::string part = cursor.until(";:{}");
    const char ended_by = cursor.ended_by;
    open += part;
    if (ended_by == ';') {
      statements.push_back(trimmed(open));
      open.clear();
    } else if (ended_by == ':' && !open.empty() && open[0] == '$') {
      statements.push_back(open + ":");
      open.clear();
    } else if (ended_by == '}' && open.empty()) {
      return statements;
    } else if (open.empty()) {
      throw Fault("PTX: a scope inside a kernel is not supported");
    } else {
      open += std::string(ended_by == '{' ? " " : "") + ended_by;
    }
  }
}

EntryText entry_of(Cursor& cursor, const std::string& head) {
  EntryText entry;
  entry.name = words_of(head).back();
  for (auto& parameter : list_of(cursor.until(")")))
    if (!parameter.empty()) entry.parameters.push_back(parameter);
  std::string directive;
  for (const auto& word : words_of(cursor.until("{"))) {
    if (word[0] == '.' && !directive.empty()) entry.directives.push_back(std::exchange(directive, ""));
    directive += directive.empty() ? word : " " + word;
  }
  if (!directive.empty()) entry.directives.push_back(directive);
  entry.statements = statements_of(cursor);
  return entry;
}

}  // namespace

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return "";
  return std::string(text.substr(from, text.find_last_not_of(blanks) - from + 1));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = text.find_first_not_of(blanks);
  while (at != std::string_view::npos) {
    const std::size_t end = text.find_first_of(blanks, at);
    words.emplace_back(text.substr(at, end == std::string_view::npos ? end : end - at));
    at = end == std::string_view::npos ? end : text.find_first_not_of(blanks, end);
  }
  return words;
}

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  for (const char c : text) {
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    if (c == ',' && depth == 0)
      parts.push_back(trimmed(std::exchange(part, "")));
    else
      part += c;
  }
  if (!trimmed(part).empty()) parts.push_back(trimmed(part));
  return parts;
}

ModuleText split_ptx(const std::string& text) {
  ModuleText module;
  Cursor cursor(without_comments(text));
  while (!cursor.at_end()) {
    const std::string head = cursor.until("\n(;{");
    const auto words = words_of(head);
    const std::string& first = words.empty() ? head : words[0];
    const bool visible = words.size() == 3 && first == ".visible" && words[1] == ".entry";
    if (cursor.ended_by == '(' && (visible || (words.size() == 2 && first == ".entry")))
      module.entries.push_back(entry_of(cursor, head));
    else if (first == ".target" && words.size() == 2)
      module.target = words[1];
    else if (cursor.ended_by != '\n' || (first != ".version" && first != ".address_size" && first != ".file"))
      throw Fault("PTX: outside of kernels '" + head + "' is not supported");
  }
  return module;
}

}  // namespace reprise::fake_cuda
