// SPDX-License-Identifier: Apache-2.0
// Cards as people write them: what is wrong in one sentence, and every card of the folder sound.
#include <catch2/catch.hpp>

#include "card/cards.h"
#include "harness/base/files.h"
#include "harness/judge/card/mot.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const std::string head = "title = \"One\"\nproducer = \"Somebody\"\n";

std::string refusal(const std::string& text) {
  try {
    card_from_toml(text, "one.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string component(const std::string& lines) { return head + "[[component]]\n" + lines; }

}  // namespace

TEST_CASE("a card that names an unknown component, field, item or licence is refused with the nearest name") {
  CHECK_THAT(refusal(component("name = \"Training codes\"\npublished = \"yes\"\nsource = \"x\"\n")),
             Contains("one.toml:4") && Contains("did you mean 'Training code'?"));
  CHECK_THAT(
      refusal(component(
          "name = \"Training code\"\npublished = \"yes\"\nsource = \"x\"\nlicence = \"Apache 2.0\"\n")),
      Contains("found 'Apache 2.0'") && Contains("did you mean 'Apache-2.0'?"));
  CHECK_THAT(refusal(head + "[[field]]\nname = \"rngs\"\npublished = \"no\"\nsource = \"x\"\n"),
             Contains("no field named 'rngs'") && Contains("did you mean 'rng'?"));
  CHECK_THAT(refusal(head + "[[item]]\nid = \"D9\"\npublished = \"no\"\nsource = \"x\"\n"), Contains("D9"));
  CHECK_THAT(refusal(head + "[licence]\ndistribution = \"Mitt\"\nsource = \"x\"\n"),
             Contains("found 'Mitt'"));
}

TEST_CASE("a claim without a source is refused, and a source without a claim too") {
  CHECK_THAT(refusal(component("name = \"Training code\"\npublished = \"no\"\n")),
             Contains("wanted a source for 'Training code = no', found none"));
  CHECK_THAT(refusal(component("name = \"Training code\"\npublished = \"no\"\nsource = \" \"\n")),
             Contains("wanted a source"));
  CHECK_THAT(refusal(component("name = \"Training code\"\npublished = \"no source\"\nsource = \"x\"\n")),
             Contains("found a source for Training code"));
}

TEST_CASE("missing keys, other words and things said twice are refused") {
  CHECK_THAT(refusal("title = \"One\"\n"), Contains("producer"));
  CHECK_THAT(refusal("producer = \"One\"\n"), Contains("title"));
  CHECK_THAT(refusal(component("name = \"Datasets\"\nsource = \"x\"\n")), Contains("published"));
  CHECK_THAT(refusal(component("name = \"Datasets\"\npublished = \"maybe\"\nsource = \"x\"\n")),
             Contains("yes, partly, no or no source") && Contains("'maybe'"));
  const std::string once = "[[component]]\nname = \"Datasets\"\npublished = \"no\"\nsource = \"x\"\n";
  CHECK_THAT(refusal(head + once + once), Contains("'Datasets' a second time"));
  CHECK_THAT(refusal(head + "recipes = [\"waves\"]\n"), Contains("scale"));
  CHECK_THAT(refusal(head + "colour = \"red\"\n"), Contains("colour"));
  CHECK_THAT(refusal(head + "[[licences]]\nid = \"House\"\ntitle = \"House\"\nsource = \"x\"\n"),
             Contains("begins with LicenseRef-"));
}

TEST_CASE("what a card does not name has no source") {
  const Card card = card_from_toml(head, "one.toml");
  CHECK(card.components.size() == component_table().size());
  CHECK(card.fields.size() == field_table().size());
  for (const auto& claim : card.components) CHECK(claim.published == Published::unsaid);
  CHECK(osaid_of(card).meets == Published::unsaid);
  CHECK(ingredients_of(card).runnable == Runnable::unsaid);
}

TEST_CASE("every card of the folder is sound, each claim has a source, and it survives the tool's own form") {
  const auto cards = cards_in({shipped_cards});
  CHECK(cards.size() >= 12);
  for (const auto& [name, path] : cards) {
    INFO(name);
    const Card card = read_card(path);
    CHECK_FALSE(card.recipes.empty());
    std::size_t claims = 0;
    const auto sound = [&](const Disclosure& claim) {
      claims += claim.published != Published::unsaid;
      CHECK((claim.published == Published::unsaid) == claim.source.empty());
      CHECK(claim.source.find("[M]") == std::string::npos);
    };
    for (const auto& claim : card.components) sound(claim);
    for (const auto& claim : card.fields) sound(claim);
    for (const auto& claim : card.items) sound(claim);
    CHECK(claims >= 5);
    const Card again = card_from_mot(mot_of(card), name + ".yml");
    const Mof before = mof_of(card), after = mof_of(again);
    CHECK(after.reached == before.reached);
    for (std::size_t i = 0; i < 3; ++i) CHECK(after.classes[i].included == before.classes[i].included);
  }
}

TEST_CASE("nobody of the folder publishes an order of batches, and OpenELM lacks nothing that a run needs") {
  for (const auto& [name, path] : cards_in({shipped_cards})) {
    INFO(name);
    const Card card = read_card(path);
    CHECK(field_of(card, "batch-order digest").published == Published::no);
    CHECK(mof_of(card).reached == 0);
  }
  CHECK(ingredients_of(read_card(shipped_cards / "openelm.toml")).runnable == Runnable::complete);
  const Card yi = read_card(shipped_cards / "yi-34b.toml");
  const auto lacks = ingredients_of(yi);
  CHECK(lacks.runnable == Runnable::not_runnable);
  CHECK_THAT(runnable_sentence(lacks), Contains("Training code (partly: fine-tuning only), Datasets"));
}
