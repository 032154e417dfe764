// SPDX-License-Identifier: Apache-2.0
// The documents of a card and of the table, in every format.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "card/cards.h"
#include "harness/base/files.h"
#include "harness/judge/card/export.h"
#include "judge/matrices.h"
#include "reports/cards/card_report.h"
#include "reports/layout/charts.h"
#include "reports/layout/format.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const std::string golden = std::string(REPRISE_SOURCE) + "/tests/golden/cards.";

CardFound ran() {
  auto made_runs =
      hand_made({{"repeat", {"1", "2"}, Promise::bitwise}, {"threads", {"1", "2"}, Promise::numeric}},
                {{"baseline", {"1", "1"}}, {"repeat=2", {"2", "1"}}, {"threads=2", {"1", "2"}, 1}});
  made_runs.matrix.recipe = "drawn";
  made_runs.diff.steps = 10;
  const Verdict verdict = judge(made_runs.diff, made_runs.matrix, accuracy);
  return {made("open"),
          {measured_of(made_runs.matrix, made_runs.diff, verdict, "runs/matrix-1/matrix.toml")},
          ""};
}

std::vector<CardFound> small_set() { return {untested(made("closed")), ran()}; }

std::string written(const Report& report, std::string_view format) {
  std::ostringstream text;
  pick(formats_shelf(), format, "format").render(report, text);
  return std::move(text).str();
}

std::string table_in(const std::string& format) {
  if (format == "csv") return pick(card_exports_shelf(), format, "export").write(small_set());
  return written(cards_report(small_set()), format);
}

const std::vector<std::string> forms = {"console", "html", "json", "md", "csv"};

}  // namespace

TEST_CASE("the table of a small set of cards is the approved one in every form") {
  for (const auto& form : forms) {
    INFO(form << ": after a wanted change: build/bin/card_tests [.golden], then read the difference");
    CHECK(table_in(form) == read_file(golden + form + ".approved", "approved table"));
  }
}

TEST_CASE("write the approved tables anew", "[.golden]") {
  for (const auto& form : forms) write_atomically(golden + form + ".approved", table_in(form));
}

TEST_CASE("the table says of each system what is published, its class, what it lacks and what was measured") {
  const auto document = nlohmann::json::parse(table_in("json"));
  CHECK(document["schema"] == "reprise.cards/1");
  const auto& closed = document["systems"][0];
  CHECK(closed["published"]["weights"]["licence"] == "House Licence, 2.0");
  CHECK(closed["published"]["report"]["published"] == "no source");
  CHECK(closed["published"]["report"]["source"].is_null());
  CHECK(closed["runnable"] == "not runnable");
  CHECK(closed["missing"] == std::vector<std::string>{"Training code", "Datasets"});
  CHECK(closed["measured"].empty());
  CHECK_FALSE(closed["untested"].is_null());
  const auto& open = document["systems"][1];
  CHECK(open["mof"]["reached"] == "III");
  CHECK(open["runnable"] == "ingredients published");
  CHECK(open["measured"][0]["classes"] == 2);
  CHECK(open["measured"][0]["bit_horizon"]["parts_at"] == 1);
  CHECK(open["untested"].is_null());
}

TEST_CASE("a card has a row for each component, item and field, and never a claim without its source") {
  const auto document = nlohmann::json::parse(written(card_report(untested(made("closed"))), "json"));
  CHECK(document["schema"] == "reprise.card/1");
  CHECK(document["components"].size() == component_table().size());
  CHECK(document["manifest"].size() == field_table().size());
  CHECK(document["osaid"]["items"].size() == osaid_table().size());
  for (const auto* list : {&document["components"], &document["manifest"], &document["osaid"]["items"]})
    for (const auto& row : *list) CHECK((row["published"] == "no source") == row["source"].is_null());
  CHECK_FALSE(document.contains("recipe"));
}

TEST_CASE(
    "the console shows missing ingredients and what was measured, and no measurement of what did not run") {
  const std::string closed = written(card_report(untested(made("closed"))), "console");
  CHECK_THAT(closed, Contains("Not runnable as published. Missing: Training code"));
  CHECK_THAT(closed, Contains("Untested: no run was made."));
  CHECK_THAT(closed, !Contains("identical"));
  const std::string open = written(card_report(ran()), "console");
  CHECK_THAT(open, Contains("Recipe drawn, the recipe itself: 2 classes in 3 runs. Bits: parts at step 1"));
  CHECK_THAT(open, !Contains("Untested:"));
}

TEST_CASE("no line of the console is longer than 80 columns") {
  for (const auto& text : {table_in("console"), written(card_report(ran()), "console")})
    for (const auto& line : split(text, '\n')) CHECK(line.size() <= 80);
}

TEST_CASE("the picture names state and source of each cell, by letters too, and escapes what it shows") {
  const std::string page = table_in("html");
  CHECK_THAT(page,
             Contains("Closed, &quot;one&quot; | &lt;b&gt;, weights: yes (House Licence, 2.0; its README)"));
  CHECK_THAT(page, !Contains("| <b>"));
  CHECK_THAT(page, Contains("<i class=\"b4\"></i> yes</span>") &&
                       Contains("<i class=\"bn\"></i> no source says</span>"));
}
