// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/log_tail.h"

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;

TEST_CASE("the end of a long log is read without the rest") {
  Scratch scratch;
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "line " + std::to_string(i) + "\n";
  write_atomically(scratch / "log.txt", text + "\nlast, without an end");
  const auto lines = end_of_log(scratch / "log.txt");
  CHECK(lines.size() < 10000);
  CHECK(lines.back() == "last, without an end");
  CHECK(lines[lines.size() - 2] == "line 49999");
  CHECK(end_of_log(scratch / "none.txt").empty());
}

TEST_CASE("what is not printable UTF-8 becomes a question mark") {
  CHECK(cleaned_line("plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82") ==
        "plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82");
  CHECK(cleaned_line("a\tb\x1b[31m\x7F") == "a b?[31m?");
  CHECK(cleaned_line("a\xC2\x9B"
                     "31m") == "a?31m");              // C1 steers a terminal too
  CHECK(cleaned_line("\xC0\xAF") == "??");            // overlong
  CHECK(cleaned_line("\xE0\x80\x80") == "???");       // overlong
  CHECK(cleaned_line("\xED\xA0\x80") == "???");       // a surrogate
  CHECK(cleaned_line("\xF4\x90\x80\x80") == "????");  // beyond Unicode
  CHECK(cleaned_line("\xF5") == "?");
  CHECK(cleaned_line("\xE2\x82") == "??");  // cut short
  CHECK(cleaned_line(std::string(399, 'a') + "\xC3\xA9").size() == 399);
  CHECK(cleaned_line(std::string(1000, 'a')).size() == 400);
}
