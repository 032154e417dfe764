// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/matrix.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Outcome failed_outcome() {
  Outcome outcome;
  outcome.ending = Ending::failed;
  outcome.reason = "pin \"threads\" did not hold";
  outcome.last_lines = {"step 1", "a \\ backslash", ""};
  outcome.seconds = 1.25;
  outcome.peak_bytes = std::int64_t{5} << 32;
  return outcome;
}

Matrix small_matrix(const std::filesystem::path& runs) {
  Outcome done;
  done.ending = Ending::done;
  Matrix matrix{"waves", Design::one, {"reprise", "matrix", "waves", "--axis", "threads=1,2"}, {}, {}};
  matrix.factors = {{"threads", {"1", "2"}, Promise::numeric},
                    {"pin:nnpack", {"on", "off"}, Promise::statistical},
                    {"repeat", {"1", "2"}, Promise::bitwise}};
  matrix.configurations = {
      {"baseline", {{"threads", "1"}, {"pin:nnpack", "on"}}, "aa", runs / "aa" / "1", done},
      {"threads=2", {{"threads", "2"}, {"pin:nnpack", "on"}}, "bb", runs / "bb" / "1", failed_outcome()},
      {"pin:nnpack=off", {{"threads", "1"}, {"pin:nnpack", "off"}}, "cc", {}, {}}};
  return matrix;
}

}  // namespace

TEST_CASE("a matrix is read back as it was written") {
  Scratch scratch;
  Matrix matrix = small_matrix(scratch / "runs");
  matrix.own_pair = {matrix.configurations.back()};
  make_folder(scratch / "report");
  write_matrix(matrix, scratch / "report/matrix.toml");
  const Matrix again = read_matrix(scratch / "report/matrix.toml");
  CHECK(again.recipe == "waves");
  CHECK(again.design == Design::one);
  CHECK(again.command == matrix.command);
  REQUIRE(again.own_pair.size() == 1);
  CHECK(again.own_pair[0].name == "pin:nnpack=off");
  REQUIRE(again.factors.size() == 3);
  CHECK(again.factors[1].name == "pin:nnpack");
  CHECK(again.factors[1].promise == Promise::statistical);
  CHECK(again.factors[2].values == std::vector<std::string>{"1", "2"});
  REQUIRE(again.configurations.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(again.configurations[i].name == matrix.configurations[i].name);
    CHECK(again.configurations[i].values == matrix.configurations[i].values);
    CHECK(again.configurations[i].plan_id == matrix.configurations[i].plan_id);
    CHECK(again.configurations[i].folder == matrix.configurations[i].folder);
    CHECK(to_toml(again.configurations[i].outcome) == to_toml(matrix.configurations[i].outcome));
  }
  CHECK(again.configurations[0].outcome.done());
  CHECK_FALSE(again.configurations[1].outcome.done());
}

TEST_CASE("a matrix that moved together with its runs still finds them") {
  Scratch scratch;
  make_folder(scratch / "here/report");
  write_matrix(small_matrix(scratch / "here/runs"), scratch / "here/report/matrix.toml");
  const std::string text = read_file(scratch / "here/report/matrix.toml", "matrix");
  CHECK_THAT(text, Contains("folder = \"../runs/aa/1\""));
  CHECK_THAT(text, !Contains(scratch.path().string()));
  std::filesystem::rename(scratch / "here", scratch / "there");
  const Matrix matrix = read_matrix(scratch / "there/report/matrix.toml");
  CHECK(matrix.configurations[0].folder == scratch / "there/runs/aa/1");
}

TEST_CASE("an outcome is read back as it was written") {
  const Outcome outcome = failed_outcome();
  const Outcome again = outcome_from_toml(to_toml(outcome), "outcome.toml");
  CHECK_FALSE(again.done());
  CHECK(again.ending == Ending::failed);
  CHECK(again.reason == outcome.reason);
  CHECK(again.last_lines == outcome.last_lines);
  CHECK(again.seconds == 1.25);
  CHECK(again.peak_bytes == outcome.peak_bytes);
}

TEST_CASE("an outcome that is untested is never read as done") {
  const std::string text = to_toml(failed_outcome());
  CHECK_THROWS_WITH(
      outcome_from_toml(replace_all(text, "kind = \"failed\"", "kind = \"done\""), "outcome.toml"),
      Contains("wanted why it is untested, found \"done\""));
}

TEST_CASE("a matrix file that is wrong is refused with what was wanted") {
  Scratch scratch;
  const auto path = scratch / "matrix.toml";
  CHECK_THROWS_WITH(read_matrix(path), Contains("no matrix at"));
  write_matrix(small_matrix(scratch / "runs"), path);
  const std::string text = read_file(path, "matrix");
  const auto read = [&](const std::string& damaged) {
    write_atomically(path, damaged);
    return read_matrix(path);
  };
  CHECK_THROWS_WITH(read("recipe = "), Contains("matrix.toml:1: this is not valid TOML"));
  CHECK_THROWS_WITH(read("recipe = \"a\"\ndesign = \"one\"\ncommand = \"\"\n"),
                    Contains("at least one [[configuration]]"));
  CHECK_THROWS_WITH(read(replace_all(text, "status = \"done\"", "status = \"fine\"")),
                    Contains("wanted \"done\" or \"untested\", found \"fine\""));
  CHECK_THROWS_WITH(read(replace_all(text, "owes = \"numeric\"", "owes = \"nothing\"")),
                    Contains("found 'nothing'"));
}
