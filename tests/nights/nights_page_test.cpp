// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/nights_page.h"

#include <sstream>

#include "harness/base/error.h"
#include "nights/made_history.h"
#include "reports/layout/badge.h"
#include "reports/layout/format.h"
#include "reports/nights/drifting.h"
#include "reports/nights/found_words.h"
#include "reports/nights/machine_nights.h"
#include "reports/nights/night_cells.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string html_of(const Report& report) {
  std::ostringstream out;
  pick(formats_shelf(), "html", "format").render(report, out);
  return std::move(out).str();
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

History history_of(const std::vector<HistoryRow>& rows) {
  const Scratch scratch;
  append_rows(scratch.path(), "all", rows);
  return read_history(scratch.path());
}

// `nights` nights; from `moves_on` the bits are others, and LibTorch's version changed with them.
std::vector<HistoryRow> nights_of(std::int64_t nights, std::int64_t moves_on,
                                  const std::string& machine = "a") {
  std::vector<HistoryRow> rows;
  for (std::int64_t night = 1; night <= nights; ++night) {
    rows.push_back(made_row(night, "waves", night >= moves_on ? "mismatch" : "match", machine));
    if (night < moves_on) continue;
    rows.back().chain[0] = 'f';
    rows.back().value = 91.25;
    if (night == moves_on) rows.back().changed = {"libtorch.version: 2.10.0, now 2.11.0"};
  }
  return rows;
}

}  // namespace

TEST_CASE("matrices whose bits never moved are counted where there are any") {
  CHECK(html_of(nights_page(history_of(nights_of(3, 2)))).find("never did") == std::string::npos);
  auto rows = nights_of(3, 2);
  for (std::int64_t night = 1; night <= 3; ++night) rows.push_back(made_row(night, "lenet", "match", "a"));
  CHECK_THAT(html_of(nights_page(history_of(rows))), Contains("those of 1 matrix never did"));
}

TEST_CASE(
    "a planted change shows on its night, with what changed in the environment, and a link to its report") {
  const Report page = nights_page(history_of(nights_of(3, 2)));
  CHECK_THAT(page.headline, Contains("0 of 1 run match, 1 left the baseline"));
  CHECK_THAT(page.verdict.at(0),
             Contains("Bits last moved on a, night 2") && Contains("libtorch.version: 2.10.0, now 2.11.0"));
  const std::string html = html_of(page);
  CHECK_THAT(html, Contains("href=\"nights/a/0002/waves/report.html\">✗Δ</a>"));
  CHECK_THAT(html, Contains("href=\"nights/a/0001/waves/report.html\">✓</a>"));
  CHECK_THAT(html, Contains("href=\"nights/a/0003/waves/report.html\">✗</a>"));
  CHECK_THAT(html, Contains("bits moved: baseline"));
  CHECK_THAT(html, !Contains("<script"));
  CHECK(page.exit_code == 1);
}

TEST_CASE("older nights stand together, and the one in which bits moved still shows") {
  for (const std::int64_t moves_on : {2, 40, 333, 990}) {
    const History history = history_of(nights_of(1000, moves_on));
    const auto map = night_cells(machine_nights(history).at(0), history.texts);
    CHECK(map.columns.size() == 28 + (1000 - 28 + 6) / 7);
    CHECK(map.columns.front() == "1000");
    std::size_t columns = 0, moved = 0;
    for (const auto& cell : map.rows.at(0).cells) {
      columns += cell.columns;
      if (cell.sign.find("Δ") == std::string::npos) continue;
      ++moved;
      CHECK_THAT(cell.tip, Contains(std::to_string(moves_on)));
    }
    CHECK(columns == map.columns.size());
    CHECK(moved == 1);
  }
}

TEST_CASE("nights that nobody ran leave their cells empty and move nothing") {
  auto rows = nights_of(3, 9);
  auto other = made_row(2, "lenet", "untested");
  other.sentence = "killed";
  rows.push_back(other);
  const History history = history_of(rows);
  const auto machines = machine_nights(history);
  const auto map = night_cells(machines.at(0), history.texts);
  REQUIRE(map.rows.size() == 2);
  CHECK(map.rows[0].name == "lenet");
  CHECK(map.rows[0].cells.at(0).sign.empty());
  CHECK_THAT(map.rows[0].cells.at(0).tip, Contains("not run"));
  CHECK(map.rows[0].cells.at(1).sign == "?");
  CHECK_THAT(html_of(nights_page(history)), Contains("In no night were the bits of a run others"));
}

TEST_CASE("what changed while a run was untested is told when its bits have moved") {
  auto rows = nights_of(4, 4);
  rows[2] = made_row(3, "waves", "untested");
  rows[2].changed = {"gpu.driver: 550, now 560"};
  const auto machines = machine_nights(history_of(rows));
  REQUIRE(machines.at(0).moves.size() == 1);
  CHECK(machines[0].moves[0].changed ==
        std::vector<std::string>{"gpu.driver: 550, now 560", "libtorch.version: 2.10.0, now 2.11.0"});
}

TEST_CASE("a clock that was set back is told, and the order is that of the numbers") {
  auto rows = nights_of(3, 9);
  rows[2].date = "2020-01-01T00:00:00Z";
  const Report page = nights_page(history_of(rows));
  CHECK_THAT(page.verdict.back(), Contains("night 3 has an earlier date") && Contains("set back"));
  CHECK_THAT(html_of(page), Contains("<th scope=\"col\">3</th><th scope=\"col\">2</th>"));
}

TEST_CASE("the badge is green only where every run of each last night matches") {
  CHECK(nights_badge(history_of(nights_of(3, 9))).mood == Mood::good);
  CHECK(nights_badge(history_of(nights_of(3, 2))).mood == Mood::bad);
  auto rows = nights_of(3, 9);
  rows.push_back(made_row(3, "lenet", "no baseline"));
  CHECK(nights_badge(history_of(rows)).mood == Mood::neutral);
  CHECK(nights_badge(History()).mood == Mood::neutral);
  CHECK_THAT(badge_json({"bits", "1/2 match", Mood::bad}),
             Contains("\"schemaVersion\": 1") && Contains("\"1/2 match\"") && Contains("\"color\": \"red\""));
  CHECK_THAT(badge_svg({"bits", "1/2 match", Mood::bad}), Contains("aria-label=\"bits: 1/2 match\""));
}

TEST_CASE("a metric that moved is drawn, one that stands still is only counted") {
  const auto still = drift_section(history_of(nights_of(5, 9)));
  CHECK_THAT(std::get<blocks::Prose>(still.blocks.at(0).content).sentences.at(0),
             Contains("0 of 1 metric moved"));
  const auto moved = drift_section(history_of(nights_of(5, 3)));
  CHECK(std::get<blocks::Drifts>(moved.blocks.at(1).content).drifts.size() == 1);
  CHECK(moved.members["drifts"][0]["least"] == 90.5);
}

TEST_CASE("words, signs and moods of what was found: a mismatch comes first, nothing untested is good") {
  CHECK(worse(Held::untested, Held::mismatch) == Held::mismatch);
  CHECK(worse(Held::untested, Held::no_baseline) == Held::untested);
  CHECK(mood_of(Held::untested) == Mood::neutral);
  CHECK(sign_of(Held::match) != sign_of(Held::no_baseline));
  CHECK(found_words(Held::mismatch).text == "✗ mismatch");
}

TEST_CASE(
    "a thousand nights of 20 machines and 20 recipes fit on one page, every change of bits among them") {
  const Scratch scratch;
  constexpr std::int64_t nights = 1000;
  for (int machine = 0; machine < 20; ++machine) {
    std::vector<HistoryRow> rows;
    for (int recipe = 0; recipe < 20; ++recipe)
      for (std::int64_t night = 1; night <= nights; ++night) {
        rows.push_back(
            made_row(night, fmt::format("recipe-{}", recipe), "match", fmt::format("m{}", machine)));
        if (night >= 100 + recipe) rows.back().chain[0] = 'f';
      }
    append_rows(scratch.path(), fmt::format("m{}", machine), rows);
  }
  const History history = read_history(scratch.path());
  CHECK(history.rows == 400000);
  CHECK(history.series.size() == 400);
  const std::string html = html_of(nights_page(history));
  CHECK(count_of(html, "✓Δ</a>") == 400);
  CHECK(html.size() < 16 * 1024 * 1024);
}
