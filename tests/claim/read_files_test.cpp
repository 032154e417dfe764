// SPDX-License-Identifier: Apache-2.0
// What a claim reads becomes what is compared, where nothing else of a command is seen.
#include "harness/search/claim/read_files.h"

#include <catch2/catch.hpp>

using namespace reprise;

namespace {

Recipe made_command(const std::string& program) {
  Recipe recipe;
  recipe.defaults.command = CommandLine{};
  recipe.defaults.command->words = {program, "-c", "true"};
  recipe.defaults.pins = default_pins();
  return recipe;
}

std::vector<std::string> artifacts_of(Recipe recipe, const std::string& file, const Choices& choices = {}) {
  keep_what_is_read(file, recipe, choices, [](const std::string&) {});
  return recipe.defaults.watch.artifacts;
}

}  // namespace

TEST_CASE("the file that a number is read from is kept of a command that finds no torch") {
  const std::vector<std::string> file{"{out}/m.json"};
  CHECK(artifacts_of(made_command("/bin/sh"), "{out}/m.json") == file);
  CHECK(artifacts_of(made_command("/bin/sh"), "").empty());
  // What is named stays, whoever starts a program that is not there says so, and no native recipe changes.
  CHECK(artifacts_of(made_command("/bin/sh"), "{out}/m.json", {{{"artifacts", "{out}/*"}}, {}}).empty());
  CHECK(artifacts_of(made_command("/no/such/program"), "{out}/m.json").empty());
  CHECK(artifacts_of(Recipe(), "{out}/m.json").empty());
}
