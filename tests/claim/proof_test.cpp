// SPDX-License-Identifier: Apache-2.0
// Distances between checkpoints, the segments of a run, and what a claim of them comes to.
#include "harness/judge/claim/proof.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "claim/made_claims.h"
#include "harness/base/error.h"
#include "harness/tensor/safetensors.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

void keep(const fs::path& file, const std::vector<float>& values, float momentum = 0) {
  const std::vector<float> bias = {1};
  const std::int64_t count = static_cast<std::int64_t>(values.size()), one = 1;
  fs::create_directories(file.parent_path());
  write_safetensors(file,
                    {{"optimizer/a/exp_avg", {"F32", {&one, 1}, {&one, 1}, &momentum, 4}},
                     {"weights/a", {"F32", {&count, 1}, {&one, 1}, values.data(), 4}},
                     {"weights/b", {"F32", {&one, 1}, {&one, 1}, bias.data(), 4}}},
                    {});
}

fs::path at_step(const Scratch& run, std::int64_t step) {
  return run / "checkpoints" / fmt::format("step-{:08}.safetensors", step);
}

Claim claim_of_segments() {
  Claim claim;
  claim.name = "proof";
  claim.kind = ClaimKind::proof;
  claim.proof = {100, 2, {{"threads", "2"}}, {1000, 10, 0.1, 0.001}};
  return claim;
}

HeldClaim held_with(std::vector<RepeatedSegment> segments, std::size_t all = 5) {
  return hold_proof(claim_of_segments(), {made_run(1, {})}, std::move(segments), all);
}

}  // namespace

TEST_CASE(
    "weights are far apart by the norms of their difference and by their angle, optimizer state aside") {
  Scratch scratch;
  keep(scratch / "a.safetensors", {3, 4, 0});
  keep(scratch / "b.safetensors", {3, 1, 4}, 9);
  const auto apart = weights_distance(scratch / "a.safetensors", scratch / "b.safetensors");
  CHECK(apart.l1 == 7);
  CHECK(apart.l2 == 5);
  CHECK(apart.linf == 4);
  CHECK(apart.cos == Approx(1 - 14 / (std::sqrt(26.0) * std::sqrt(27.0))));
  const auto same = weights_distance(scratch / "a.safetensors", scratch / "a.safetensors");
  CHECK((same.l1 == 0 && same.l2 == 0 && same.linf == 0 && same.cos == 0));
}

TEST_CASE("weights that are no numbers are infinitely far from others, and other weights have no distance") {
  Scratch scratch;
  keep(scratch / "a.safetensors", {1, 2});
  keep(scratch / "b.safetensors", {1, NAN});
  keep(scratch / "c.safetensors", {1, 2, 3});
  const auto apart = weights_distance(scratch / "a.safetensors", scratch / "b.safetensors");
  CHECK(std::isinf(apart.l1));
  CHECK_FALSE(within(apart, {1e300, 1e300, 1e300, 1e300}));
  CHECK_THROWS_WITH(weights_distance(scratch / "a.safetensors", scratch / "c.safetensors"),
                    Contains("found others by name, type or shape"));
}

TEST_CASE("the segments over which the weights moved furthest are chosen, the last one short") {
  Scratch run;
  const std::vector<float> path = {0, 1, 5, 4, 4.5F};
  const std::vector<std::int64_t> steps = {0, 10, 20, 30, 35};
  for (std::size_t i = 0; i < path.size(); ++i) keep(at_step(run, steps[i]), {path[i]});
  const auto all = segments_of(run.path(), 10, 35);
  REQUIRE(all.size() == 4);
  CHECK(all[3].from == 30);
  CHECK(all[3].to == 35);
  const auto chosen = furthest(all, 2);
  REQUIRE(chosen.size() == 2);
  CHECK(chosen[0].from == 0);  // as far as the third, and earlier
  CHECK(chosen[1].from == 10);
  CHECK(furthest(all, 9).size() == 4);
  fs::remove(at_step(run, 20));
  CHECK_THROWS_WITH(segments_of(run.path(), 10, 35), Contains("wanted the checkpoint of step 20"));
}

TEST_CASE("segments that end with equal weights or near enough stand, and say how many are untested") {
  const auto equal = held_with({{0, 100, {}, {}, true}, {100, 200, {}, {}, true}});
  CHECK(equal.answer == ClaimAnswer::stands);
  CHECK(equal.finding == Finding::identical);
  CHECK_THAT(equal.sentence, Contains("(steps 0 to 100; 100 to 200), trained again with threads=2, end with "
                                      "equal weights, bit for bit"));
  CHECK_THAT(equal.remarks.at(0), Contains("2 of 5 segments were trained again; the others are untested"));
  const auto near = held_with({{0, 100, {}, {1, 0.1, 0.01, 0.0001}, false}});
  CHECK(near.finding == Finding::equivalent);
  CHECK_THAT(near.sentence, Contains("within the thresholds: at most l1 1 of 1e+03"));
}

TEST_CASE("one segment that ends too far away is enough, whatever became of the others") {
  const auto far =
      held_with({{0, 100, {}, {}, false, "failed: no room"}, {100, 200, {}, {1, 0.1, 0.2, 0}, false}});
  CHECK(far.answer == ClaimAnswer::does_not_stand);
  CHECK_THAT(far.sentence,
             Contains("steps 100 to 200, trained again with threads=2, end beyond the thresholds") &&
                 Contains("maximum 0.2 of 0.1"));
  const auto unknown = held_with({{0, 100, {}, {}, true}, {100, 200, {}, {}, false, "failed: no room"}});
  CHECK(unknown.answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(unknown.sentence, Contains("cannot be told: steps 100 to 200: failed: no room"));
  CHECK(held_with({}).answer == ClaimAnswer::cannot_tell);
  ClaimRun killed = made_run(1, {});
  killed.outcome.ending = Ending::killed;
  killed.outcome.reason = "signal 9";
  CHECK_THAT(hold_proof(claim_of_segments(), {killed}, {}, 0).sentence, Contains("did not come to its end"));
}
