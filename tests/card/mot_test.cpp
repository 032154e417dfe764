// SPDX-License-Identifier: Apache-2.0
// Records of the Model Openness Tool, and YAML.
#include "harness/judge/card/mot.h"

#include <catch2/catch.hpp>

#include "card/cards.h"
#include "harness/base/files.h"
#include "harness/judge/card/yaml.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

const std::string record =
    "framework: {name: Model Openness Framework, version: '1.0', date: '2024-12-15'}\n"
    "release:\n  name: One\n  producer: Somebody\n  license: {}\n  components:\n";

std::string refusal(const std::string& text) {
  try {
    card_from_mot(text, "one.yml");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a record tells what is published, and of the rest nothing") {
  const Card card = card_from_mot(record + "  - {name: Datasets, license: House Rules 2}\n", "one.yml");
  const auto& data = claim_of(card, components::datasets);
  CHECK(data.published == Published::yes);
  CHECK(data.source == "one.yml");
  CHECK(licence_title(card, data.licence) == "House Rules 2");
  CHECK(mof_of(card).components.at(12).standing == Standing::invalid);
  CHECK(claim_of(card, components::training).published == Published::unsaid);
}

TEST_CASE("a record that the tool's schema refuses is refused in a sentence") {
  CHECK_THAT(refusal(record + "  - {name: Data set}\n"), Contains("no component named 'Data set'"));
  CHECK_THAT(refusal(record + "  - {name: Datasets}\n  - {name: Datasets}\n"),
             Contains("stands there twice"));
  CHECK_THAT(refusal(replace_all(record, "components:", "parts:")), Contains("'components'"));
  CHECK_THAT(refusal(replace_all(record, "  name: One\n", "")), Contains("wanted 'name' in release"));
  CHECK_THAT(refusal(replace_all(record, "license: {}", "type: song") + "  []\n"), Contains("'song'"));
  CHECK_THAT(refusal(replace_all(record, "license: {}", "license: {distribution: MIT}") + "  []\n"),
             Contains("the licence 'distribution'"));
  CHECK_THAT(refusal("release: {}\n"), Contains("'framework'"));
  CHECK_THAT(refusal("a: [\n"), Contains("fault in line"));
  CHECK_THAT(refusal("- 1\n"), Contains("no table"));
  CHECK_THAT(refusal("a: 1\na: 2\n"), Contains("twice"));
  CHECK_THAT(refusal("---\na: 1\n---\nb: 1\n"), Contains("found 2"));
}

TEST_CASE("an alias that names itself many times does not fill the memory") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    std::string line = fmt::format("a{0}: &a{0} [", i);
    for (int j = 0; j < 10; ++j) line += fmt::format("{}*a{}", j ? ", " : "", i - 1);
    bomb += line + "]\n";
  }
  CHECK_THAT(refusal(bomb), Contains("more than 100000 nodes"));
}

TEST_CASE("texts survive YAML whatever they look like") {
  const Json tree = {{"a",
                      {"1.0", "2024-12-15", "no", "Null", "", " x", "x ", "a: b", "# c", "- d", "'", "\"",
                       "\\", "ä\n", "~", "plain text"}},
                     {"b", Json::array()},
                     {"c", Json::object()}};
  CHECK(yaml_tree(yaml_text(tree), "a test") == tree);
  CHECK_THAT(yaml_text(tree), Contains("\"1.0\"") && Contains("\"no\"") && Contains("- plain text\n"));
}
