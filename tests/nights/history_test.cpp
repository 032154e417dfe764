// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/history/history.h"

#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "nights/made_history.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a row of a history reads back as it was written, whatever its texts hold") {
  HistoryRow row = made_row(3, "waves", "mismatch");
  row.changed = {"libtorch.version: 2.10.0, now 2.11.0", "a \"quoted\" line\nand another"};
  row.sentence = "parts at step 4";
  row.operation = "aten::addmm, call 14 of step 1";
  CHECK(row_from_line(to_line(row)) == row);
  row.value.reset();
  row.metric.clear();
  CHECK(row_from_line(to_line(row)) == row);
}

TEST_CASE("a metric that is no number is not written as one") {
  HistoryRow row = made_row(1, "waves", "match");
  row.value = std::numeric_limits<double>::infinity();
  CHECK_FALSE(row_from_line(to_line(row))->value.has_value());
}

TEST_CASE("a line that is cut short, of another format or without its night is no row") {
  const std::string line = to_line(made_row(3, "waves", "match"));
  CHECK(row_from_line(line));
  for (std::size_t size = 0; size < line.size(); ++size) CHECK_FALSE(row_from_line(line.substr(0, size)));
  CHECK_FALSE(row_from_line(replace_all(line, "history/1", "history/2")));
  CHECK_FALSE(row_from_line(replace_all(line, "\"night\":3", "\"night\":0")));
  CHECK_FALSE(row_from_line(replace_all(line, "\"match\"", "\"identical\"")));
  CHECK_FALSE(row_from_line(line + line));
}

TEST_CASE("what a later version adds to a row is passed over") {
  const auto row = made_row(3, "waves", "match");
  const std::string line = to_line(row);
  CHECK(row_from_line(line.substr(0, line.size() - 1) +
                      ",\"new\":{\"night\":9,\"list\":[1,{\"run\":\"x\"}]}}") == row);
}

TEST_CASE("histories of several machines are read together, each series by its nights") {
  const Scratch scratch;
  append_rows(scratch.path(), "a", std::vector{made_row(2, "waves", "match"), made_row(1, "waves", "match")});
  HistoryRow other = made_row(1, "waves", "no baseline");
  other.machine = "b";
  append_rows(scratch.path(), "b", std::vector{other});
  const History history = read_history(scratch.path());
  CHECK(history.rows == 3);
  CHECK(history.damage.empty());
  REQUIRE(history.series.size() == 2);
  CHECK(history.series[0].machine == "a");
  REQUIRE(history.series[0].entries.size() == 2);
  CHECK(history.series[0].entries[0].night == 1);
  CHECK(history.series[1].entries[0].found == Held::no_baseline);
}

TEST_CASE("of several rows of one run of one night the last counts") {
  const Scratch scratch;
  append_rows(scratch.path(), "a", std::vector{made_row(1, "waves", "untested")});
  append_rows(scratch.path(), "a", std::vector{made_row(1, "waves", "match")});
  const History history = read_history(scratch.path());
  REQUIRE(history.series.at(0).entries.size() == 1);
  CHECK(history.series[0].entries[0].found == Held::match);
}

TEST_CASE("a last line that was cut short is told and left out, and the next night begins a new line") {
  const Scratch scratch;
  append_rows(scratch.path(), "a", std::vector{made_row(1, "waves", "match"), made_row(2, "waves", "match")});
  const auto file = history_file(scratch.path(), "a");
  const std::string whole = read_file(file, "history");
  const std::string cut = whole.substr(0, whole.size() - 40);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << cut;
  const History damaged = read_history(scratch.path());
  CHECK(damaged.rows == 1);
  REQUIRE(damaged.damage.size() == 1);
  CHECK_THAT(damaged.damage[0], Contains("history-a.jsonl: one line was left out") && Contains("line 2") &&
                                    Contains("was cut short"));
  CHECK(read_file(file, "history") == cut);
  append_rows(scratch.path(), "a", std::vector{made_row(3, "waves", "mismatch")});
  CHECK(read_file(file, "history").starts_with(cut + "\n"));
  const History after = read_history(scratch.path());
  CHECK(after.rows == 2);
  CHECK(after.series.at(0).entries.back().found == Held::mismatch);
  CHECK_THAT(after.damage.at(0), Contains("line 2") && !Contains("was cut short"));
}

TEST_CASE("rows that a full disk does not take leave nothing behind") {
  const Scratch scratch;
  if (!std::filesystem::exists("/dev/full")) skip("no /dev/full here");
  std::filesystem::create_symlink("/dev/full", history_file(scratch.path(), "a"));
  CHECK_THROWS_WITH(append_rows(scratch.path(), "a", std::vector{made_row(1, "waves", "match")}),
                    Contains("No space left on device") && Contains("finished runs are kept"));
}

TEST_CASE("bits moved where a run gave others than it last gave, nights without a run aside") {
  const Scratch scratch;
  std::vector<HistoryRow> rows;
  for (const std::string chain : {"one", "one", "", "two", "two", "one"}) {
    rows.push_back(
        made_row(static_cast<std::int64_t>(rows.size()) + 1, "waves", chain.empty() ? "untested" : "match"));
    rows.back().chain = chain;
  }
  append_rows(scratch.path(), "a", rows);
  const auto moves = moves_of(read_history(scratch.path()).series.at(0));
  REQUIRE(moves.size() == 2);
  CHECK(moves[0].at == 3);
  CHECK(moves[0].before == 1);
  CHECK(moves[1].at == 5);
}
