// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/plain_values.h"

#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/container/little_endian.h"

namespace reprise {
namespace {

constexpr std::size_t longest_text = 1000, told_of_long = 100;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

std::string hexadecimal(Bytes bytes) {
  std::string out;
  for (const std::byte byte : bytes) {
    const auto c = static_cast<char>(byte);
    const bool plain = c >= 0x20 && c < 0x7F && c != '\'' && c != '\\';
    out += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned>(byte));
  }
  return out;
}

// A cut may fall within a character of several bytes.
std::string_view whole_characters(std::string_view text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.remove_suffix(1);
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.remove_suffix(1);
  return text;
}

std::string length_and_digest(Bytes bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  return fmt::format("... ({} bytes, digest {})", size, to_text(tensor_digest("U8", {&size, 1}, bytes)));
}

}  // namespace

void keep_plain(CheckpointFile& found, std::string_view name, std::string text) {
  constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
  ++found.scalars;
  if (text.size() > 3 * longest_text)
    text = std::string(whole_characters(std::string_view(text).substr(0, told_of_long))) +
           length_and_digest(std::as_bytes(std::span(text)));
  const std::uint64_t bytes = sizeof(PlainValue) + name.size() + text.size();
  if (bytes > most_bytes - found.plain_bytes) return;
  found.plain_bytes += bytes;
  found.plain.push_back({std::string(name), std::move(text)});
}

std::string float_text(float number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_not_of("-0123456789") == text.npos) text += ".0";  // a whole number has none
  return text;
}

std::string text_in_quotes(std::string_view text) {
  if (text.size() <= longest_text) return fmt::format("'{}'", escaped(text));
  return fmt::format("'{}'{}", escaped(whole_characters(text.substr(0, told_of_long))),
                     length_and_digest(std::as_bytes(std::span(text))));
}

std::string bytes_in_quotes(Bytes bytes) {
  if (bytes.size() <= told_of_long) return fmt::format("b'{}'", hexadecimal(bytes));
  return fmt::format("b'{}'{}", hexadecimal(bytes.first(told_of_long / 4)), length_and_digest(bytes));
}

std::string element_text(std::string_view dtype, Bytes element) {
  if (dtype == "F64") return number_text(number_at<double>(element, 0));
  if (dtype == "F32") return float_text(number_at<float>(element, 0));
  if (dtype == "I64") return std::to_string(number_at<std::int64_t>(element, 0));
  if (dtype == "I32") return std::to_string(number_at<std::int32_t>(element, 0));
  if (dtype == "I16") return std::to_string(number_at<std::int16_t>(element, 0));
  if (dtype == "I8") return std::to_string(number_at<std::int8_t>(element, 0));
  if (dtype == "U64") return std::to_string(number_at<std::uint64_t>(element, 0));
  if (dtype == "U32") return std::to_string(number_at<std::uint32_t>(element, 0));
  if (dtype == "U16") return std::to_string(number_at<std::uint16_t>(element, 0));
  if (dtype == "U8") return std::to_string(number_at<std::uint8_t>(element, 0));
  if (dtype == "BOOL") return element[0] == std::byte{0} ? "False" : "True";
  return bytes_in_quotes(element);
}

}  // namespace reprise
