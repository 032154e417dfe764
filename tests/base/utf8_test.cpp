// SPDX-License-Identifier: Apache-2.0
#include "harness/base/utf8.h"

#include <catch2/catch.hpp>
#include <string>

using namespace reprise;

namespace {

// By the definition, bit by bit.
std::string encoded(std::uint32_t code) {
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("every character of Unicode is read, and neither a surrogate nor what lies beyond") {
  std::size_t wrong = 0;
  for (std::uint32_t code = 0; code < 0x120000; ++code) {
    const std::string text = encoded(code) + "x";
    const bool wanted = (code < 0xD800 || code > 0xDFFF) && code <= 0x10FFFF;
    const Character found = character_at(text);
    const bool right = wanted ? found.valid && found.code == code && found.bytes == text.size() - 1
                              : !found.valid && found.bytes == 1;
    wrong += right ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("what is overlong, cut short or out of place is a byte that is no UTF-8") {
  for (const char* text : {"\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xE2\x82",
                           "\xF0\x9F\x99", "\xE2x\x82", "\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    INFO(static_cast<unsigned>(static_cast<unsigned char>(text[0])));
    CHECK_FALSE(character_at(text).valid);
    CHECK(character_at(text).bytes == 1);
  }
}

TEST_CASE("control characters are C0, DEL and C1") {
  std::string found;
  for (std::uint32_t code = 0; code < 0x3000; ++code) {
    const bool wanted = code < 0x20 || (code >= 0x7F && code < 0xA0);
    if (character_at(encoded(code)).control != wanted) found += std::to_string(code) + " ";
  }
  CHECK(found.empty());
}

TEST_CASE("widths are a terminal's columns: accents that join take none, wide characters two") {
  CHECK(width_of("") == 0);
  CHECK(width_of("äö…") == 3);
  CHECK(width_of("e\u0301") == 1);
  CHECK(width_of("模型") == 4);
  CHECK(width_of("😀") == 2);
  CHECK(width_of("\xFF\xC3") == 2);
}
