// SPDX-License-Identifier: Apache-2.0
// What is written for other tools, held against their own schemas (tests/card/schemas) by validate.py.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "card/cards.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/card/export.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::vector<CardFound> all_found() {
  std::vector<CardFound> found;
  for (const auto& folder : {shipped_cards, cards_of_tests})
    for (const auto& [name, path] : cards_in({folder})) found.push_back(untested(read_card(path)));
  return found;
}

// Skips where Python lacks what the schema of this form needs.
void require_valid(const Scratch& folder, const std::string& form, const std::string& files) {
  const auto printed = run_program(
      folder.path(), "'" REPRISE_SOURCE "/tests/card/validate.py' " + form + " " + files, "", "python3");
  if (printed.code == 77) skip(printed.out);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
}

std::string exported(const CardFound& found, const char* form) {
  return pick(card_exports_shelf(), form, "export").write({&found, 1});
}

}  // namespace

TEST_CASE("each form says what it is for, and gives equal cards equal bytes") {
  for (const auto& [name, form] : card_exports_shelf()) {
    INFO(name);
    CHECK(std::string(form->summary).size() > 10);
    const auto one = untested(made("open")), again = untested(made("open"));
    CHECK(form->write({&one, 1}) == form->write({&again, 1}));
  }
}

TEST_CASE("the records of every card are valid by the schema of the Model Openness Tool") {
  const Scratch folder;
  for (const auto& found : all_found())
    write_atomically(folder / (found.card.name + ".yml"), exported(found, "mot"));
  require_valid(folder, "mot", "*.yml");
}

TEST_CASE("the bill of materials of every card is valid by the schema of CycloneDX 1.6") {
  const Scratch folder;
  for (const auto& found : all_found())
    write_atomically(folder / (found.card.name + ".json"), exported(found, "cyclonedx"));
  require_valid(folder, "cyclonedx", "*.json");
}

TEST_CASE("the metadata of every card is read by Hugging Face's own parser") {
  const Scratch folder;
  for (const auto& found : all_found())
    write_atomically(folder / (found.card.name + ".md"), exported(found, "hugging-face"));
  require_valid(folder, "hugging-face", "*.md");
}

TEST_CASE("a schema that is broken is found") {
  const Scratch folder;
  const std::string good = exported(untested(made("open")), "mot");
  write_atomically(folder / "bad.yml", replace_all(good, "producer:", "maker:"));
  const auto printed =
      run_program(folder.path(), "'" REPRISE_SOURCE "/tests/card/validate.py' mot bad.yml", "", "python3");
  if (printed.code == 77) skip(printed.out);
  CHECK(printed.code == 1);
  CHECK_THAT(printed.out, Contains("bad.yml") && Contains("producer"));
}

TEST_CASE("licences are written as each tool names them") {
  const auto open = untested(made("open")), closed = untested(made("closed"));
  CHECK_THAT(exported(open, "hugging-face"), Contains("license: cc0-1.0\n"));
  CHECK_THAT(exported(closed, "hugging-face"),
             Contains("license: other\nlicense_name: \"house-licence,-2.0\"") &&
                 Contains("license_link: \"https://example.org/licence\""));
  const auto bom = nlohmann::json::parse(exported(closed, "cyclonedx"));
  CHECK(bom["components"][0]["licenses"][0]["license"]["name"] == "House Licence, 2.0");
  CHECK_THAT(exported(closed, "mot"), Contains("license: \"House Licence, 2.0\""));
}

TEST_CASE("what is published in part is no component of a record, and is one of a bill of materials") {
  const auto closed = untested(made("closed"));
  CHECK_THAT(exported(closed, "mot"), !Contains("Datasets"));
  CHECK_THAT(exported(closed, "cyclonedx"), Contains("Datasets") && Contains("partly"));
  CHECK_THAT(exported(closed, "cyclonedx"), !Contains("closed/Training code"));
}

TEST_CASE("a form of one card refuses several, and csv takes them all") {
  const auto all = all_found();
  CHECK_THROWS_WITH(pick(card_exports_shelf(), "mot", "export").write(all), Contains("wanted one card"));
  const std::string csv = pick(card_exports_shelf(), "csv", "export").write(all);
  CHECK(split(csv, '\n').size() == all.size() + 2);
  CHECK_THAT(csv, Contains("\"Closed, \"\"one\"\" | <b>\",yes,\"House Licence, 2.0\",its README"));
}
