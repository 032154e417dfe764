// SPDX-License-Identifier: Apache-2.0
// [[claim]] of a recipe, and what is refused.
#include "harness/judge/claim/claim.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const std::string recipe_text = R"(summary = "small"
program = "small"

[train]
steps = 20
batch = 2
samples = 8

[parameters]
model = "mlp"

[choices]
model = ["mlp", "cnn"]

[metric]
name = "accuracy"
unit = "%"
better = "higher"
margin = 1
)";

const std::string claim_text = R"(
[[claim]]
name = "cnn"
set = { model = "cnn" }
value = 91.2
spread = 0.3
spread_kind = "unknown"
n_seeds = 5
statistic = "last"
split = "test"
test_n = 1000
margin = 0.5
margin_reason = "half of the gain"
repository = "someone/thing @abc"
paper = "table 1"
)";

Recipe recipe_with(const Scratch& scratch, const std::string& claims) {
  write_atomically(scratch / "small.toml", recipe_text + claims);
  return read_recipe(scratch / "small.toml");
}

std::string refusal(const std::string& from, const std::string& to) {
  Scratch scratch;
  CHECK(claim_text.find(from) != std::string::npos);
  try {
    claims_of(recipe_with(scratch, replace_all(claim_text, from, to)));
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a claim is read as it stands, and what it leaves out is the recipe's") {
  Scratch scratch;
  const auto claims = claims_of(recipe_with(scratch, claim_text));
  REQUIRE(claims.size() == 1);
  const Claim& claim = claims.front();
  CHECK(claim.name == "cnn");
  CHECK(claim.metric == "accuracy");
  CHECK(claim.unit == "%");
  CHECK(claim.higher_is_better);
  CHECK(claim.value == 91.2);
  CHECK(claim.spread == 0.3);
  CHECK(claim.spread_kind == SpreadKind::unknown);
  CHECK(claim.n_seeds == 5);
  CHECK(claim.margin == 0.5);
  CHECK(claim.set == std::vector<std::pair<std::string, std::string>>{{"model", "cnn"}});
  CHECK(claim.repository == "someone/thing @abc");
  CHECK(claims_of(recipe_with(scratch, "")).empty());
}

TEST_CASE("claims are no part of what a recipe trains, and a changed margin shows in their own name") {
  Scratch scratch;
  const Recipe without = recipe_with(scratch, ""), with = recipe_with(scratch, claim_text);
  CHECK(plan_id(without.defaults) == plan_id(with.defaults));
  CHECK(recipe_id(without.defaults) == recipe_id(with.defaults));
  CHECK(to_toml(without.defaults) == to_toml(with.defaults));
  Claim claim = claims_of(with).front();
  const std::string before = claim_id(claim);
  CHECK(before == claim_id(claim));
  claim.margin = 0.6;
  CHECK(claim_id(claim) != before);
}

TEST_CASE("a claim that says too little or too much is refused in one sentence") {
  CHECK_THAT(refusal("margin = 0.5\n", ""), Contains("small.toml:") && Contains("wanted a margin"));
  CHECK_THAT(refusal("margin = 0.5", "margin = 0"), Contains("wanted a margin above 0"));
  CHECK_THAT(refusal("margin = 0.5", "margin = nan"), Contains("wanted a margin above 0"));
  CHECK_THAT(refusal("margin = 0.5", "margin = inf"), Contains("wanted a margin above 0"));
  CHECK_THAT(refusal("margin_reason = \"half of the gain\"\n", ""),
             Contains("wanted the reason of the margin"));
  CHECK_THAT(refusal("spread_kind = \"unknown\"\n", ""), Contains("wanted spread_kind"));
  CHECK_THAT(refusal("spread = 0.3\n", ""), Contains("wanted spread beside it"));
  CHECK_THAT(refusal("\"unknown\"", "\"std\""),
             Contains("wanted spread_kind to be SD, SE, CI95, range or unknown, found 'std'"));
  CHECK_THAT(refusal("n_seeds = 5", "n_seeds = 1"), Contains("one run has no spread"));
  CHECK_THAT(refusal("n_seeds = 5", "n_seeds = 0"), Contains("at least 1"));
  CHECK_THAT(refusal("n_seeds = 5\n", ""), Contains("wanted n_seeds"));
  CHECK_THAT(refusal("spread = 0.3", "spread = 0"), Contains("a spread above 0"));
  CHECK_THAT(refusal("value = 91.2", "value = nan"), Contains("a value that is a number"));
  CHECK_THAT(refusal("\"last\"", "\"latest\""), Contains("found 'latest'"));
  CHECK_THAT(refusal("\"last\"", "\"last\"\ntake = \"max\""), Contains("takes another value of a run"));
  CHECK_THAT(refusal("\"last\"", "\"best-over-evaluations\"\ntake = \"min\""),
             Contains("of which more is better"));
  CHECK_THAT(refusal("\"last\"", "\"best-seed\""), Contains("no spread of its own"));
  CHECK_THAT(refusal("value", "kind = \"guess\"\nvalue"),
             Contains("wanted kind to be metric, digest, law, convergence or proof, found 'guess'"));
  CHECK_THAT(refusal("value", "kind = \"law\"\nvalue"), Contains("claim.law"));
  CHECK_THAT(refusal("value", "better = \"lower\"\nvalue"), Contains("the other direction"));
  CHECK_THAT(refusal("value", "metric = \"loss\"\nvalue"),
             Contains("better = \"higher\" or \"lower\" for loss"));
  CHECK_THAT(refusal("value", "pattern = \"a ([0-9]+)\"\nvalue"), Contains("reports its metrics itself"));
  CHECK_THAT(refusal("\"cnn\" }", "\"cmm\" }"), Contains("wanted one of mlp, cnn for model"));
  CHECK_THAT(refusal("split", "spilt"), Contains("did you mean 'split'?"));
  Scratch scratch;
  CHECK_THROWS_WITH(claims_of(recipe_with(scratch, claim_text + claim_text)),
                    Contains("two claims are called 'cnn'"));
}

TEST_CASE(
    "a proof says where checkpoints lie, how many segments are trained again and how far they may end") {
  const std::string proof =
      "\n[[claim]]\nname = \"p\"\nkind = \"proof\"\ninterval = 5\nl1 = 1000\nl2 = 10\nlinf = 0.1\ncos = ";
  Scratch scratch;
  const auto claims =
      claims_of(recipe_with(scratch, proof + "0.001\nsegments = 3\n[claim.pins]\nthreads = 2\n"));
  const ClaimedProof& read = claims.front().proof;
  CHECK(read.interval == 5);
  CHECK(read.segments == 3);
  CHECK(read.thresholds.linf == 0.1);
  CHECK(read.pins == std::vector<std::pair<std::string, std::string>>{{"threads", "2"}});
  const auto other =
      claims_of(recipe_with(scratch, proof + "0.002\nsegments = 3\n[claim.pins]\nthreads = 2\n"));
  CHECK(claim_id(other.front()) != claim_id(claims.front()));
  CHECK_THROWS_WITH(claims_of(recipe_with(scratch, proof + "-1\n")),
                    Contains("wanted a distance of 0 or more for cos, found -1"));
  CHECK_THROWS_WITH(claims_of(recipe_with(scratch, proof + "0.001\n[claim.pins]\nthread = 2\n")),
                    Contains("thread"));
  CHECK_THROWS_WITH(claims_of(recipe_with(scratch, proof + "0.001\nsegments = 0\n")),
                    Contains("wanted segments of at least 1"));
}

TEST_CASE("a digest claim names what the runs leave and a SHA-256") {
  const std::string digest =
      "\n[[claim]]\nname = \"w\"\nkind = \"digest\"\nartifact = \"trained_weights\"\nsha256 = \"";
  Scratch scratch;
  const auto claims = claims_of(recipe_with(scratch, digest + std::string(64, 'A') + "\"\n"));
  CHECK(claims.front().sha256 == std::string(64, 'a'));
  CHECK_THROWS_WITH(claims_of(recipe_with(scratch, digest + "31ee86\"\n")),
                    Contains("wanted a SHA-256, 64 hexadecimal digits, found '31ee86' (6 characters)"));
  CHECK_THROWS_WITH(claims_of(recipe_with(scratch, digest + std::string(64, 'g') + "\"\n")),
                    Contains("wanted a SHA-256"));
}
