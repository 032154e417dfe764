// SPDX-License-Identifier: Apache-2.0
#include "harness/base/scalar.h"

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

std::string quoted_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out + '"';
}

std::string to_plain(const Scalar& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  return std::get<std::string>(value);
}

std::string to_toml(const Scalar& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? quoted_text(*text) : to_plain(value);
}

Scalar scalar_like(const Scalar& like, std::string_view text, std::string_view name) {
  if (std::holds_alternative<bool>(like)) {
    if (text == "true") return true;
    if (text == "false") return false;
    fail("wanted true or false for {}, found '{}'", name, text);
  }
  if (std::holds_alternative<std::int64_t>(like)) {
    if (const auto whole = to_integer(text)) return *whole;
    fail("wanted a whole number for {}, found '{}'", name, text);
  }
  if (std::holds_alternative<double>(like)) {
    if (const auto number = to_number(text)) return *number;
    fail("wanted a number for {}, found '{}'", name, text);
  }
  return std::string(text);
}

std::string quoted_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> each;
  for (const auto& text : texts) each.push_back(quoted_text(text));
  return "[" + join(each, ", ") + "]";
}

}  // namespace reprise
