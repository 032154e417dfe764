// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/osaid.h"

#include <catch2/catch.hpp>

#include "card/cards.h"

using namespace reprise;

namespace {

Card meeting() {
  Card card = whole("Apache-2.0");
  for (const auto* id : {"D2", "D3"}) {
    ItemClaim claim;
    claim.id = id;
    claim.published = Published::yes;
    claim.source = "a test";
    card.items.push_back(claim);
  }
  return card;
}

}  // namespace

TEST_CASE("the definition is met where all that it always needs is there under open terms") {
  CHECK(osaid_of(meeting()).meets == Published::yes);
  CHECK(osaid_of(whole("Apache-2.0")).unsaid == std::vector<std::string>{"D2", "D3"});
}

TEST_CASE("closed weights and missing training code rule the definition out") {
  Card closed = meeting();
  component_of(closed, components::weights).licence = "CC-BY-NC-4.0";
  CHECK(osaid_of(closed).ruled_out_by == std::vector<std::string>{"P1"});
  Card hidden = meeting();
  component_of(hidden, components::training).published = Published::no;
  const Osaid found = osaid_of(hidden);
  CHECK(found.meets == Published::no);
  CHECK(found.ruled_out_by == std::vector<std::string>{"C2"});
}

TEST_CASE("what is needed only if it was used leaves open whether the definition is met") {
  Card card = meeting();
  component_of(card, components::evaluation).published = Published::no;
  const Osaid found = osaid_of(card);
  CHECK(found.meets == Published::unsaid);
  CHECK(found.unsaid == std::vector<std::string>{"C3"});
}

TEST_CASE("checkpoints and optimizer state are examples, and raw data is not asked for") {
  Card card = meeting();
  component_of(card, components::checkpoints).published = Published::no;
  component_of(card, components::datasets).published = Published::no;
  CHECK(osaid_of(card).meets == Published::yes);
}
