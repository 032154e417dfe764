// SPDX-License-Identifier: Apache-2.0
#include "harness/base/toml.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"

using namespace reprise;

namespace {

TomlTable parsed(const char* text) { return TomlTable::parse(text, "a.toml"); }

}  // namespace

TEST_CASE("values are read by type, and a wrong type is named with its line") {
  auto table = parsed("a = 'x'\nn = 3\nr = 0.5\nt = true\nl = ['p', 'q']\n[s]\nk = 1\n");
  CHECK(table.text("a") == "x");
  CHECK(table.integer("n") == 3);
  CHECK(table.number("r") == 0.5);
  CHECK(table.number("n") == 3.0);
  CHECK(table.truth("t"));
  CHECK(table.texts("l") == std::vector<std::string>{"p", "q"});
  CHECK(table.table("s").integer("k") == 1);
  CHECK(table.text_or("missing", "f") == "f");
  CHECK_THROWS_WITH(table.integer("a"), "a.toml:1: a: wanted a whole number, found a text");
  CHECK_THROWS_WITH(table.integer("r"), Catch::Contains("found a number"));
  CHECK_THROWS_WITH(table.number("t"), Catch::Contains("found true or false"));
  CHECK_THROWS_WITH(table.text("none"), Catch::Contains("found no such key"));
  auto sub = table.table("s");
  CHECK_THROWS_WITH(sub.text("k"), "a.toml:7: s.k: wanted a text, found a whole number");
}

TEST_CASE("a key that nobody asked for is refused with the nearest name") {
  auto table = parsed("steps = 1\nbacth = 2\n");
  table.integer("steps");
  table.has("batch");
  table.integer_or("batch", 0);
  CHECK_THROWS_WITH(table.finish(),
                    "a.toml:2: bacth: no key named 'bacth'; did you mean 'batch'? known: steps, batch");
}

TEST_CASE("bad syntax and a key given twice are named with their line") {
  CHECK_THROWS_WITH(parsed("a = 1\na = 2\n"), Catch::Contains("a.toml:2:"));
  CHECK_THROWS_WITH(parsed("a = \n"), Catch::Contains("a.toml:1: this is not valid TOML"));
}

TEST_CASE("tables of tables and scalars come in a fixed order") {
  auto table = parsed("[[d]]\nname='b'\n[[d]]\nname='a'\n[p]\nz = 1\na = 'x'\n");
  auto rows = table.tables("d");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].text("name") == "b");
  const auto scalars = table.table("p").scalars();
  CHECK(scalars[0].first == "a");
  CHECK(std::get<std::int64_t>(scalars[1].second) == 1);
  CHECK(table.tables("none").empty());
  CHECK_FALSE(table.optional_table("none"));
}
