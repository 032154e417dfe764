// SPDX-License-Identifier: Apache-2.0
#include "harness/commands/unexpected.h"

#include <catch2/catch.hpp>

using namespace reprise;

namespace {

// A program with two commands, as told after it was given these words.
std::string told(std::vector<std::string> words) {
  CLI::App root("", "program");
  CLI::App* one = root.add_subcommand("one");
  CLI::App* other = root.add_subcommand("other");
  int repeat = 0;
  std::string axis;
  one->add_option("--repeat", repeat);
  other->add_option("--axis", axis);
  std::reverse(words.begin(), words.end());
  try {
    root.parse(words);
  } catch (const CLI::ExtrasError&) {
    return unexpected_words(root, *root.get_subcommands().front());
  }
  return "";
}

}  // namespace

TEST_CASE(
    "an option of another command is told with that command, a slip of the keys with the option meant") {
  CHECK(told({"one", "--axis", "a"}) == "`reprise one` has no option --axis; `reprise other` has it");
  CHECK(told({"one", "--repeats=2"}) == "`reprise one` has no option --repeats; did you mean --repeat?");
  CHECK(told({"one", "--neither"}) ==
        "`reprise one` has no option --neither; `reprise one --help` shows those that it has");
}

TEST_CASE("other words are told as they were typed") {
  CHECK(told({"one", "--word=foo"}) == "`reprise one` takes no command behind --, found 'foo'");
  CHECK(told({"one", "word"}) ==
        "`reprise one` does not expect 'word'; `reprise one --help` shows what it takes");
  CHECK(told({"one", "--repeat", "2"}).empty());
}
