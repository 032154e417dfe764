// SPDX-License-Identifier: Apache-2.0
// The class of a release as lfai/model_openness_tool @8b5d30e reckons it.
#include "harness/judge/card/mof.h"

#include <catch2/catch.hpp>

#include "card/cards.h"
#include "harness/base/files.h"
#include "harness/judge/card/licence.h"
#include "harness/judge/card/mot.h"

using namespace reprise;

namespace {

void drop(Card& card, std::string_view name, Published published = Published::no) {
  component_of(card, name).published = published;
}

const MofClass& class_of(const Mof& mof, int number) {
  return mof.classes.at(static_cast<std::size_t>(3 - number));
}

}  // namespace

TEST_CASE("classes III, II and I need 6, 10 and 14 components of 17") {
  const Card card = whole("OpenMDW-1.0");
  const Mof mof = mof_of(card);
  CHECK(component_table().size() == 17);
  CHECK(class_of(mof, 3).required == 6);
  CHECK(class_of(mof, 2).required == 10);
  CHECK(class_of(mof, 1).required == 14);
  CHECK(mof.reached == 1);
  CHECK(class_words(mof) == "I");
}

TEST_CASE("optional components do not count, and a class is 0 % while one below it is not complete") {
  Card card = whole("OpenMDW-1.0");
  for (const auto* name : {"Sample model outputs", "Supporting libraries and tools", "Model metadata"})
    drop(card, name);
  CHECK(mof_of(card).reached == 1);
  drop(card, "Evaluation code");
  const Mof lacks_one = mof_of(card);
  CHECK(class_words(lacks_one) == "III");
  CHECK(class_of(lacks_one, 3).progress == 100);
  CHECK(class_of(lacks_one, 2).progress == 90);
  CHECK(class_of(lacks_one, 1).progress == 0);
  CHECK(lacks_one.ruled_out_by == std::vector<std::string>{"Evaluation code"});
  drop(card, "Model card");
  const Mof none = mof_of(card);
  CHECK(class_words(none) == "none");
  CHECK(class_of(none, 3).progress == Approx(100.0 * 5 / 6));
  CHECK(class_of(none, 2).progress == 0);
}

TEST_CASE("the research paper stands in for the report, with its licence, and class I then needs 13") {
  Card card = whole("OpenMDW-1.0");
  drop(card, "Technical report");
  const Mof mof = mof_of(card);
  CHECK(mof.reached == 1);
  CHECK(class_of(mof, 3).included == 6);
  CHECK(class_of(mof, 1).required == 13);
  component_of(card, "Research paper").licence = "CC-BY-NC-4.0";
  CHECK(mof_of(card).reached == 0);
}

TEST_CASE("a component of which no source tells is neither there nor missing") {
  Card card = whole("OpenMDW-1.0");
  drop(card, "Model card", Published::unsaid);
  const Mof mof = mof_of(card);
  CHECK(mof.reached == 0);
  CHECK(mof.possible == 1);
  CHECK(class_words(mof) == "not shown");
  drop(card, "Evaluation data", Published::partly);
  CHECK(mof_of(card).possible == 3);
  component_of(card, "Model card").published = Published::yes;
  component_of(card, "Model card").licence = "";
  CHECK(class_words(mof_of(card)) == "not shown");  // published, and nobody says under what
}

TEST_CASE("open licences count, with a warning where another would fit better") {
  const auto standing = [](const std::string& licence, std::string_view component) {
    Card card = whole("MIT");
    component_of(card, component).licence = licence;
    const Mof mof = mof_of(card);
    return mof.components.at(static_cast<std::size_t>(&component_named(component) - component_table().data()))
        .standing;
  };
  CHECK(standing("MIT", "Training code") == Standing::included);
  CHECK(standing("BSD-3-Clause", "Training code") == Standing::warned);
  CHECK(standing("MPL-2.0", "Training code") == Standing::warned);
  CHECK(standing("CC-BY-4.0", "Datasets") == Standing::warned);
  CHECK(standing("MIT", "Model parameters (Final)") == Standing::warned);
  for (const auto* closed :
       {"CC-BY-NC-4.0", "MulanPSL-1.0", "C-UDA-1.0", "CC-PDDC", "PDDL-1.0", "FreeBSD-DOC"})
    CHECK(standing(closed, "Datasets") == Standing::invalid);
  CHECK(standing("unlicensed", "Datasets") == Standing::unlicensed);
}

TEST_CASE("a component's licence is its own, else that of its content, else the distribution's") {
  Card card = whole("");
  card.licence = {"Apache-2.0", "a test", {{Content::data, "CC0-1.0"}}};
  component_of(card, "Evaluation data").licence = "ODbL-1.0";
  CHECK(licence_of(card, component_of(card, "Datasets")) == "CC0-1.0");
  CHECK(licence_of(card, component_of(card, "Training code")) == "Apache-2.0");
  CHECK(licence_of(card, component_of(card, "Evaluation data")) == "ODbL-1.0");
}

TEST_CASE("records of the tool come out as it has them") {
  const auto record = [](const char* name) { return read_card(records_of_tests / name); };
  const Card r1 = record("DeepSeek-R1.yml"), elm = record("OpenELM-270M.yml"),
             llama = record("Llama-3.1-8B.yml");
  const Mof of_r1 = mof_of(r1), of_elm = mof_of(elm), of_llama = mof_of(llama);
  CHECK(class_of(of_r1, 3).progress == Approx(100.0 * 5 / 6));  // no data card
  CHECK(of_r1.reached == 0);
  CHECK(class_of(of_elm, 3).included == 0);
  CHECK(of_elm.ruled_out_by == std::vector<std::string>{"Model architecture", "Model parameters (Final)"});
  CHECK(class_of(of_llama, 3).included == 0);
  CHECK(licence_title(llama, of_llama.components.front().licence) == "Llama 3.1 Community License Agreement");
  const Card sample = record("sample_model.yml");
  CHECK(class_of(mof_of(sample), 3).included == 5);  // its architecture is unlicensed
  const std::string text = read_file(records_of_tests / "sample_model.yml", "record");
  const Card licensed = card_from_mot(replace_all(text, "license: unlicensed", "license: MIT"), "sample.yml");
  CHECK(class_words(mof_of(licensed)) == "I");
}

TEST_CASE("identifiers of SPDX are known, and a near one is named") {
  CHECK(is_spdx("Apache-2.0"));
  CHECK(is_spdx("CC-BY-NC-4.0"));
  CHECK_FALSE(is_open("CC-BY-NC-4.0"));
  CHECK(is_open("ODC-PDDL-1.0"));
  CHECK_FALSE(is_spdx("ODC-PDDL-1.0"));
  CHECK_FALSE(is_spdx("OpenRAIL"));
  CHECK(nearest_spdx("apache 2.0") == "Apache-2.0");
  CHECK(nearest_spdx("Apache-2") == "Apache-2.0");
}
