// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/opened/text.h"

#include <string.h>

namespace opened {
namespace {

// Of the character that begins there; 0 where none does.
size_t utf8_length(const unsigned char* at) {
  const auto follows = [](unsigned char c) { return (c & 0xc0) == 0x80; };
  if (at[0] < 0x80) return 1;
  if (at[0] >= 0xc2 && at[0] <= 0xdf && follows(at[1])) return 2;
  if ((at[0] & 0xf0) == 0xe0 && follows(at[1]) && follows(at[2])) {
    const bool overlong = at[0] == 0xe0 && at[1] < 0xa0, surrogate = at[0] == 0xed && at[1] > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  if (at[0] >= 0xf0 && at[0] <= 0xf4 && follows(at[1]) && follows(at[2]) && follows(at[3])) {
    const bool overlong = at[0] == 0xf0 && at[1] < 0x90, beyond = at[0] == 0xf4 && at[1] > 0x8f;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

void put_escaped(Text& text, const char* front, unsigned char byte) {
  constexpr const char* digits = "0123456789abcdef";
  const char last[] = {digits[byte >> 4], digits[byte & 15]};
  text.put(front);
  text.put(last, 2);
}

}  // namespace

void Text::put(const char* words, size_t length) {
  if (length > room - size) {
    whole = false;
    return;
  }
  memcpy(begin + size, words, length);
  size += length;
}

void Text::put(const char* words) { put(words, strlen(words)); }

void Text::put_count(uint64_t number) {
  char digits[24];
  size_t at = sizeof digits;
  do digits[--at] = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  put(digits + at, sizeof digits - at);
}

void Text::put_number(int64_t number) {
  if (number < 0) put("-");
  put_count(number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number));
}

void Text::put_quoted(const char* words) {
  put("\"");
  for (const char* at = words; *at != '\0';) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(at);
    const size_t length = utf8_length(bytes);
    if (*at == '"' || *at == '\\') put("\\");
    if (length == 0)
      put_escaped(*this, "\\udc", *bytes);
    else if (*bytes < 0x20)
      put_escaped(*this, "\\u00", *bytes);
    else
      put(at, length);
    at += length == 0 ? 1 : length;
  }
  put("\"");
}

}  // namespace opened
