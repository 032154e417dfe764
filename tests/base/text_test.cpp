// SPDX-License-Identifier: Apache-2.0
#include "harness/base/text.h"

#include <catch2/catch.hpp>
#include <limits>

#include "harness/base/error.h"
#include "harness/base/scalar.h"

using namespace reprise;

TEST_CASE("splitting keeps empty parts, and joining undoes it") {
  CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(join(split("a,,b", ','), ",") == "a,,b");
  CHECK(trim(" \t x y\r\n") == "x y");
  CHECK(trim("  ").empty());
  CHECK(replace_all("a-b-", "-", "--") == "a--b--");
}

TEST_CASE("only a whole text is a number") {
  CHECK(to_integer("-12") == -12);
  CHECK(to_integer("+12") == 12);
  for (const auto* text : {"", "12x", " 12", "1.5", "+-3", "99999999999999999999"})
    CHECK_FALSE(to_integer(text));
  CHECK(to_number("1e-2") == 0.01);
  CHECK_FALSE(to_number("1,5"));
}

TEST_CASE("a number's text is the shortest that reads back, and is never mistaken for a whole number") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(2.0) == "2.0");
  CHECK(number_text(-0.0) == "-0.0");
  CHECK(number_text(1e300) == "1e+300");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(number_text(-std::numeric_limits<double>::infinity()) == "-inf");
  for (const double value : {1.0 / 3, 6.02e23, 5e-324}) CHECK(to_number(number_text(value)) == value);
}

TEST_CASE("hexadecimal goes both ways and refuses what is none") {
  const std::vector<std::uint8_t> bytes = {0x00, 0x7f, 0xab};
  CHECK(hex(bytes) == "007fab");
  CHECK(from_hex("007FAB") == bytes);
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0g"));
}

TEST_CASE("an unknown name suggests the nearest, or nothing when none is near") {
  const std::vector<std::string> known = {"threads", "isa", "mkl"};
  CHECK(nearest("thread", known) == "threads");
  CHECK(nearest("colour", known) == std::nullopt);
  CHECK(unknown_name("axis", "thraeds", known) ==
        "no axis named 'thraeds'; did you mean 'threads'? known: threads, isa, mkl");
  CHECK(unknown_name("recipe", "waves", {}) == "no recipe named 'waves': no recipe is known here");
  CHECK(unknown_name("axis", "colour", known) == "no axis named 'colour'; known: threads, isa, mkl");
}

TEST_CASE("a scalar takes the type of its default, and says what it wanted") {
  CHECK(std::get<std::int64_t>(scalar_like(std::int64_t{1}, "12", "steps")) == 12);
  CHECK(std::get<double>(scalar_like(0.5, "2", "lr")) == 2.0);
  CHECK(std::get<bool>(scalar_like(false, "true", "x")));
  CHECK(std::get<std::string>(scalar_like(std::string("a"), "12", "model")) == "12");
  CHECK_THROWS_WITH(scalar_like(std::int64_t{1}, "many", "steps"),
                    "wanted a whole number for steps, found 'many'");
  CHECK(to_toml(Scalar(std::string("a\"b\n\x01"))) == "\"a\\\"b\\n\\u0001\"");
  CHECK(to_toml(Scalar(2.0)) == "2.0");
}

TEST_CASE("a command's words come back from its text, whatever stands in them") {
  const std::vector<std::vector<std::string>> commands = {
      {"reprise", "matrix", "waves", "--axis", "threads=1,2"},
      {"reprise", "run", "--set", "note=a --axis b", "--", "python", "-c", "print('x')"},
      {"", "a b", "'", "''", "\\", "\"q\"", "$HOME", "*"},
      {}};
  for (const auto& words : commands) {
    INFO(shell_text(words));
    CHECK(shell_words(shell_text(words)) == words);
  }
  CHECK(shell_words("  a  'b c'd  e\\ f ") == std::vector<std::string>{"a", "b cd", "e f"});
  CHECK_THROWS_WITH(shell_words("a 'b"), Catch::Matchers::Contains("a quote without an end"));
}
