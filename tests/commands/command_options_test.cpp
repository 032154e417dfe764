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

TEST_CASE("options of every kind are read, counted, and shown unless hidden") {
  CLI::App parser("", "program");
  CommandOptions options(parser);
  std::string word = "usual";
  std::filesystem::path file;
  int few = 3;
  std::int64_t many = 0;
  std::uint64_t seed = 0;
  std::optional<double> limit;
  std::optional<std::uint64_t> begin;
  std::vector<std::string> words, hidden;
  bool flag = false;
  std::string fresh;
  options.add_option("--word", word, "A word")->type_name("WORD")->capture_default_str();
  options.add_option("--file", file);
  options.add_option("--few", few, "A number")->check(number_between(1, 10));
  options.add_option("--many", many);
  options.add_option("--seed", seed);
  options.add_option("--limit", limit);
  options.add_option("--begin", begin);
  options.add_option("--words", words)->expected(2);
  options.add_option("--hidden", hidden)->allow_extra_args(false)->hidden();
  options.add_option("--nightly", hidden);
  options.hide("--nightly");
  options.add_flag("--flag", flag);
  options.add_flag("--fresh{yes}", fresh, "");
  const std::string help = parser.help();
  CHECK_THAT(help, Contains("--word WORD=usual"));
  CHECK_THAT(help, !Contains("--hidden"));
  CHECK_THAT(help, !Contains("--nightly"));
  parser.parse(
      "--file a.txt --few 4 --many -5 --seed 18446744073709551615 --limit 0.5 --words a b --hidden x "
      "--hidden y "
      "--flag --fresh");
  CHECK(word == "usual");
  CHECK(file == "a.txt");
  CHECK(few == 4);
  CHECK(many == -5);
  CHECK(seed == UINT64_MAX);
  CHECK(limit == 0.5);
  CHECK_FALSE(begin);
  CHECK(words == std::vector<std::string>{"a", "b"});
  CHECK(hidden == std::vector<std::string>{"x", "y"});
  CHECK(flag);
  CHECK(fresh == "yes");
  CHECK(options.count("--hidden") == 2);
  CHECK(options.count("--word") == 0);
  CHECK_THROWS_AS(parser.parse("--few 11"), CLI::ParseError);
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
