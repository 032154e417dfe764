// SPDX-License-Identifier: Apache-2.0
#include "harness/options/command_options.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "harness/options/word_checks.h"

using namespace reprise;
using Catch::Contains;

namespace {

struct Values {
  std::string word = "usual", fresh;
  std::filesystem::path file;
  int few = 3;
  std::int64_t many = 0;
  std::uint64_t seed = 0;
  std::optional<double> limit;
  std::optional<std::uint64_t> begin;
  std::vector<std::string> words, hidden, nightly;
  bool flag = false;
};

void add_all(CommandOptions& options, Values& values) {
  options.add_option("--word", values.word, "A word")->type_name("WORD")->capture_default_str();
  options.add_option("--file", values.file);
  options.add_option("--few", values.few, "A number")->check(number_between(1, 10));
  options.add_option("--many", values.many);
  options.add_option("--seed", values.seed);
  options.add_option("--limit", values.limit);
  options.add_option("--begin", values.begin);
  options.add_option("--words", values.words)->expected(2);
  options.add_option("--hidden", values.hidden)->allow_extra_args(false)->hidden();
  options.add_option("--nightly", values.nightly);
  options.hide("--nightly");
  options.add_flag("--flag", values.flag);
  options.add_flag("--fresh{yes}", values.fresh, "");
}

}  // namespace

TEST_CASE("options of every kind are read and counted") {
  CLI::App parser("", "program");
  CommandOptions options(parser);
  Values values;
  add_all(options, values);
  parser.parse(
      "--file a.txt --few 4 --many -5 --seed 18446744073709551615 --limit 0.5 --words a b --hidden x "
      "--hidden y "
      "--flag --fresh");
  CHECK(values.word == "usual");
  CHECK(values.file == "a.txt");
  CHECK(values.few == 4);
  CHECK(values.many == -5);
  CHECK(values.seed == UINT64_MAX);
  CHECK(values.limit == 0.5);
  CHECK_FALSE(values.begin);
  CHECK(values.words == std::vector<std::string>{"a", "b"});
  CHECK(values.hidden == std::vector<std::string>{"x", "y"});
  CHECK(values.flag);
  CHECK(values.fresh == "yes");
  CHECK(options.count("--hidden") == 2);
  CHECK(options.count("--word") == 0);
  CHECK_THROWS_AS(parser.parse("--few 11"), CLI::ParseError);
}

TEST_CASE("an option is shown with the value that it has unless it is hidden") {
  CLI::App parser("", "program");
  CommandOptions options(parser);
  Values values;
  add_all(options, values);
  CHECK_THAT(parser.help(), Contains("--word WORD=usual"));
  CHECK_THAT(parser.help(), !Contains("--hidden"));
  CHECK_THAT(parser.help(), !Contains("--nightly"));
}

TEST_CASE("the command below that was chosen is named, and one is wanted") {
  CLI::App parser("", "program");
  CommandOptions options(parser);
  options.add_subcommand("add", "Adds");
  options.add_subcommand("list", "Lists");
  options.require_subcommand();
  options.footer("Example:  program add");
  CHECK_THAT(parser.help(), Contains("Example:  program add"));
  parser.parse("list");
  CHECK(options.chosen_subcommand() == "list");
  CHECK_THROWS_AS(parser.parse(""), CLI::ParseError);
}
