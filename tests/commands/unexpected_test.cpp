// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/unexpected.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include "harness/options/word_checks.h"

using namespace reprise;

namespace {

// A program with two commands, as told after it was given these words.
std::string told(std::vector<std::string> words) {
  CLI::App root("", "program");
  root.require_subcommand(1);
  CommandOptions program(root), one = program.add_subcommand("one", ""),
                                other = program.add_subcommand("other", "");
  std::vector<std::string> files;
  int repeat = 0;
  double limited = 0;
  std::string axis;
  std::string design;
  one.add_option("--limit", limited)->type_name("SECONDS")->check(number_between(0, 1e9));
  one.add_option("--repeat", repeat)->excludes("--limit");
  one.add_option("--design", design)->check(one_of({"one", "pairs"}));
  other.add_option("--axis", axis, "What to vary: NAME=V1,V2,...")->type_name("NAME=V1,V2,...")->required();
  CommandOptions several = program.add_subcommand("several", "");
  several.add_subcommand("list", "");
  several.add_subcommand("check", "").add_option("runs", files)->required();
  several.require_subcommand();
  std::reverse(words.begin(), words.end());
  try {
    root.parse(words);
  } catch (const CLI::ExtrasError&) {
    return unexpected_words(root, *root.get_subcommands().front());
  } catch (const CLI::ParseError& error) {
    return misuse_words(root, error);
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

TEST_CASE("what a command line lacks, and a value that an option does not take, is one sentence") {
  CHECK(told({"other"}) ==
        "`reprise other` wants --axis NAME=V1,V2,..., found none; `reprise other --help` shows how");
  CHECK(
      told({"other", "--axis"}) ==
      "--axis wants NAME=V1,V2,..., as in `--axis NAME=V1,V2,...`; the command line has too few words behind "
      "it");
  CHECK(told({"one", "--limit", "1e30"}) ==
        "--limit: wanted a number from 0 to 1000000000, found '1e30'; `reprise one --help` shows what it "
        "takes");
  CHECK(told({"one", "--limit", "nan"}).find("found 'nan'") != std::string::npos);
  CHECK(told({"one", "--design", "all"}).starts_with("--design: wanted one or pairs, found 'all'"));
  CHECK(told({"one", "--limit", "1", "--repeat", "2"}) == "wanted one of --limit and --repeat, found both");
  CHECK(told({}).starts_with("wanted a command"));
  CHECK(told({"several"}) ==
        "`reprise several` wants one of list, check; `reprise several --help` says what each does");
  CHECK(told({"several", "check"}) ==
        "`reprise several check` wants runs, found none; `reprise several check --help` shows how");
}
