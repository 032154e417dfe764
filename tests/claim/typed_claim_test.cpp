// SPDX-License-Identifier: Apache-2.0
// A claim, or the metric of a matrix of scripts, as it is typed.
#include "harness/judge/claim/typed_claim.h"

#include <catch2/catch.hpp>

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

TypedClaim typed_metric() {
  TypedClaim typed;
  typed.metric = "val=val loss ([0-9.]+)";
  typed.take = "min";
  typed.margin = 0.02;
  return typed;
}

Recipe command_recipe() {
  Recipe recipe;
  recipe.defaults.command = CommandLine{};
  return recipe;
}

}  // namespace

TEST_CASE("the words that say a metric again are read as the same metric") {
  const TypedClaim typed = typed_metric();
  std::vector<std::string> words = {"reprise", "matrix"};
  for (const auto& word : words_of_typed(typed)) words.push_back(word);
  words.insert(words.end(), {"--", "python", "train.py", "--metric", "another"});
  const auto read = typed_metric_in(words);
  REQUIRE(read.has_value());
  CHECK(words_of_typed(*read) == words_of_typed(typed));
  const Claim claim = metric_claim_of(*read);
  CHECK(claim.metric == "val");
  CHECK(claim.place->pattern == "val loss ([0-9.]+)");
  CHECK_FALSE(claim.higher_is_better);
  CHECK(words_of_typed(typed_metric_of(claim)) ==
        std::vector<std::string>{"--metric", "val=val loss ([0-9.]+)", "--take", "min", "--margin", "0.02",
                                 "--better", "lower"});
  CHECK_FALSE(typed_metric_in({"reprise", "matrix", "--axis", "threads=1,2"}).has_value());
}

TEST_CASE("a typed metric that says too little is refused in one sentence") {
  TypedClaim typed = typed_metric();
  CHECK_NOTHROW(check_typed_metric(typed, command_recipe()));
  CHECK_THROWS_WITH(check_typed_metric(typed, Recipe()),
                    Contains("a native recipe declares its metric itself"));
  typed.margin.reset();
  CHECK_THROWS_WITH(metric_claim_of(typed), Contains("wanted --margin above 0"));
  typed = typed_metric();
  typed.metric = "val";
  CHECK_THROWS_WITH(metric_claim_of(typed), Contains("wanted where val stands"));
  typed = typed_metric();
  typed.take = "last";
  CHECK_THROWS_WITH(metric_claim_of(typed), Contains("wanted --better higher or --better lower for val"));
  typed.file = "m.json";
  typed.key = "loss";
  CHECK_THROWS_WITH(metric_claim_of(typed), Contains("found both"));
}

TEST_CASE("a typed claim has the value, the margin and the spread that were typed") {
  TypedClaim typed = typed_metric();
  CHECK_THROWS_WITH(claim_of(typed, command_recipe()), Contains("wanted --value"));
  typed.value = 1.88;
  typed.spread = 0.01;
  CHECK_THROWS_WITH(claim_of(typed, command_recipe()), Contains("wanted --spread-kind"));
  typed.spread_kind = "SE";
  CHECK_THROWS_WITH(claim_of(typed, command_recipe()), Contains("wanted --n-seeds"));
  typed.n_seeds = 1;
  CHECK_THROWS_WITH(claim_of(typed, command_recipe()), Contains("one run has no spread"));
  typed.n_seeds = 5;
  const Claim claim = claim_of(typed, command_recipe());
  CHECK(claim.value == 1.88);
  CHECK(claim.spread_kind == SpreadKind::se);
  typed.statistic = "best-over-evaluations";
  CHECK_THROWS_WITH(claim_of(typed, command_recipe()), Contains("--take max or --take min"));
}
