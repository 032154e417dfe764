// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/pin_reading.h"

#include <catch2/catch.hpp>
#include <set>

using namespace reprise;

TEST_CASE("a value that fits stands as it is, a longer one by its beginning and a digest of all of it") {
  CHECK(reading_text("") == "");
  CHECK(reading_text(std::string(64, 'a')) == std::string(64, 'a'));
  const std::string shortened = reading_text("PATH=" + std::string(300, 'a'));
  CHECK(shortened.size() == 64);
  CHECK(shortened.starts_with("PATH=aaaa"));
  CHECK(shortened.find("... (sha256 ") != std::string::npos);
  std::set<std::string> seen;
  for (const char* end : {"", "a", "b"}) seen.insert(reading_text(std::string(300, 'a') + end));
  CHECK(seen.size() == 3);
}

TEST_CASE("a value is never cut within a character") {
  for (std::size_t before = 0; before < 4; ++before) {
    std::string value(before, 'a');
    for (int i = 0; i < 40; ++i) value += "\xE2\x82\xAC";
    const std::string text = reading_text(value);
    INFO(text);
    CHECK(text.size() <= 64);
    CHECK((text.find("...") - before) % 3 == 0);
  }
}
