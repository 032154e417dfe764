// SPDX-License-Identifier: Apache-2.0
// The real `reprise card`.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "browser/made_runs.h"
#include "card/cards.h"
#include "harness/base/files.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const std::string made_cards = " --cards '" + cards_of_tests.string() + "'";

void refused(const Scratch& folder, const std::string& line, const std::string& part) {
  const auto printed = run_program(folder.path(), line);
  INFO(line << "\n" << printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK(printed.out.empty());
  CHECK_THAT(printed.err, Contains(part));
  CHECK(std::count(printed.err.begin(), printed.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("one card on the terminal and as JSON, by name, by file and by a record of the tool") {
  const Scratch folder;
  const auto printed = run_program(folder.path(), "card openelm");
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("OpenELM publishes 8 of 17 components"));
  const auto document = nlohmann::json::parse(run_program(folder.path(), "card openelm --json").out);
  CHECK(document["components"][0]["licence"] == "apple-sample-code-license");
  const std::string record = (records_of_tests / "OpenELM-270M.yml").string();
  CHECK_THAT(run_program(folder.path(), "card '" + record + "'").out,
             Contains("OpenELM-270M publishes 3 of 17"));
}

TEST_CASE("a recipe without a card gets one made of what it pins") {
  const Scratch folder;
  const auto document = nlohmann::json::parse(run_program(folder.path(), "card lenet --json").out);
  CHECK(document["runnable"] == "ingredients published");
  CHECK(document["mof"]["reached"] == "none");
  std::size_t pinned = 0;
  for (const auto& field : document["manifest"]) pinned += field["published"] == "yes";
  CHECK(pinned == 5);
}

TEST_CASE("the table reads every card, takes kept runs, and writes files") {
  const Scratch folder;
  write_matrix_of_many(folder / "runs/matrix-1");
  const auto document =
      nlohmann::json::parse(run_program(folder.path(), "card --all --json" + made_cards).out);
  CHECK(document["systems"].size() == 2);
  CHECK(document["systems"][1]["measured"][0]["matrix"] == "runs/matrix-1/matrix.toml");
  CHECK(document["systems"][1]["measured"][0]["tested"].get<int>() > 2);
  const auto written = run_program(folder.path(), "card --all --format html,md --output out" + made_cards);
  CHECK(written.out == "out/cards.html\nout/cards.md\n");
  CHECK_THAT(content_of(folder / "out/cards.html"), Contains("</html>"));
  const auto csv = run_program(folder.path(), "card --all --export csv" + made_cards);
  CHECK(csv.code == 0);
  CHECK_THAT(csv.out, Contains("system,weights"));
}

TEST_CASE("a card tells of the claims that were held against runs of its recipe") {
  const Scratch folder;
  const std::string claims =
      R"([{"name": "table", "answer": "stands", "sentence": "table: stands: it does"},)"
      R"({"name": "weights", "answer": "cannot be told", "sentence": "weights: cannot be told: no"}])";
  std::filesystem::create_directories(folder / "runs/claim-1");
  write_atomically(folder / "runs/claim-1/report.json",
                   R"({"schema": "reprise.report/1", "recipe": "lenet", "claims": )" + claims + "}");
  const auto document = nlohmann::json::parse(run_program(folder.path(), "card lenet --json").out);
  REQUIRE(document["claims"].size() == 2);
  CHECK(document["claims"][0]["answer"] == "stands");
  CHECK(document["claims"][1]["report"] == "runs/claim-1/report.json");
  CHECK_THAT(document["untested"].get<std::string>(), Contains("no matrix of the recipe lenet is kept"));
  CHECK_THAT(run_program(folder.path(), "card lenet").out,
             Contains("table: stands: it does") && Contains("cannot be told"));
  // Another recipe's claims are not its own, and a damaged report is named.
  CHECK(nlohmann::json::parse(run_program(folder.path(), "card chargpt --json").out)["claims"].empty());
  write_atomically(folder / "runs/claim-1/report.json", "{");
  refused(folder, "card lenet", "runs/claim-1/report.json is no JSON");
}

TEST_CASE("what is wrong is one sentence and exit code 2") {
  const Scratch folder;
  refused(folder, "card", "wanted one card, or --all, found neither");
  refused(folder, "card openelm --all", "found both");
  refused(folder, "card openelmo", "did you mean 'openelm'?");
  refused(folder, "card none.toml", "none.toml");
  refused(folder, "card openelm --export spdx", "no export named 'spdx'");
  refused(folder, "card openelm --format pdf", "no format named 'pdf'");
  refused(folder, "card --all --export mot", "wanted one card");
  refused(folder, "card openelm --output x", "--output");
  refused(folder, "card openelm --export mot --json", "--json");
  refused(folder, "card --all --cards nowhere", "found none at nowhere");
  std::filesystem::create_directories(folder / "empty");
  refused(folder, "card --all --cards empty", "found none");
  write_atomically(folder / "bad.toml",
                   "title = \"x\"\nproducer = \"y\"\n[[component]]\nname = \"Weights\"\n");
  refused(folder, "card bad.toml", "no component named 'Weights'");
}
