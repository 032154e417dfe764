// SPDX-License-Identifier: Apache-2.0
// One model over ranks that hold other parts of it: whole in each, or sharded.
#include "harness/judge/compare/joined_weights.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/run_divergence.h"
#include "judge/drawn_trace.h"
#include "scratch.h"

using namespace reprise;
using Catch::Contains;

namespace {

constexpr std::int64_t steps = 3, rows = 8;

// How the ranks of a run hold the weight "w" of eight rows.
struct Lie {
  std::int64_t ranks = 2;
  bool sharded = false, told = true;
  std::int64_t other_from = 99;     // the step from which row 7 holds another value
  std::int64_t disagree_from = 99;  // from which rank 1 holds another one than rank 0, where both hold all
};

Digest row_digest(const Lie& lie, std::int64_t row, std::int64_t step) {
  const bool other = row == 7 && step >= lie.other_from;
  return name_digest(fmt::format("row {} step {}{}", row, step, other ? " other" : ""));
}

Trace draw_rank(const std::filesystem::path& folder, const Lie& lie, std::int64_t rank) {
  std::filesystem::create_directories(folder);
  DrawnTrace drawn;
  drawn.steps = drawn.planned = steps;
  Plan plan = plan_of(drawn);
  plan.batch = rows;
  plan.placement.ranks = lie.ranks;
  TraceWriter writer(folder / "trace.h5", {plan, drawn.facts, {{"x", "F32", {4}, name_digest("x"), {}}}});
  const std::int64_t share = rows / lie.ranks, first = rank * share;
  const std::string held =
      lie.sharded ? fmt::format("w [shard {} of {} along axis 0]", rank + 1, lie.ranks) : "w";
  for (std::int64_t step = 0; step <= steps; ++step) {
    StepRecord record = drawn_step(drawn, step);
    for (const Stage stage : {Stage::gradients, Stage::weights, Stage::optimizer}) record.of(stage).clear();
    record.samples.clear();
    for (std::int64_t i = 0; step > 0 && i < share; ++i)
      record.samples.push_back(static_cast<std::uint64_t>(first + i));
    Digest sum;
    for (std::int64_t row = first; row < first + share; ++row) {
      const Digest one = row_digest(lie, row, step);
      sum = {sum.low + one.low, sum.high + one.high};
    }
    const Digest whole = name_digest(
        fmt::format("w {} {} {}", step, step >= lie.other_from, rank == 1 && step >= lie.disagree_from));
    const std::vector<std::int64_t> shape{lie.sharded ? share : rows, 4};
    record.of(Stage::weights).push_back({held, "F32", shape, lie.sharded ? sum : whole, {}});
    if (lie.told)
      record.of(Stage::weights)
          .push_back({fmt::format("w [rows {} to {} of {}]", first + 1, first + share, rows),
                      "F32",
                      {share, 4},
                      sum,
                      {}});
    if (step > 0) record.of(Stage::gradients).push_back({held, "F32", shape, name_digest("g"), {}});
    writer.write(record);
  }
  writer.finish();
  return Trace(folder);
}

std::vector<ProcessPair> ranks_of(const Scratch& scratch, const Lie& a, const Lie& b) {
  std::vector<ProcessPair> pairs;
  for (std::int64_t rank = 0; rank < std::max(a.ranks, b.ranks); ++rank) {
    pairs.push_back({fmt::format("rank {}", rank), std::nullopt, std::nullopt});
    if (rank < a.ranks) pairs.back().a = draw_rank(scratch / fmt::format("a{}", rank), a, rank);
    if (rank < b.ranks) pairs.back().b = draw_rank(scratch / fmt::format("b{}", rank), b, rank);
  }
  return pairs;
}

constexpr Lie whole{}, shards{.sharded = true};

}  // namespace

TEST_CASE("a sharded model that is equal when joined is told as the same weights in other parts") {
  const Scratch scratch;
  const auto pairs = ranks_of(scratch, whole, shards);
  CHECK(hold_other_parts(pairs));
  const auto found = divergence_of(pairs);
  REQUIRE(found);
  CHECK(parting_of(*found) == Parting::layout);
  CHECK(found->tensors_compared == 1);
  CHECK(found->unjoined.empty());
  CHECK_THAT(place_of(*found), Contains("joined, 1 weight is equal after each of 3 steps"));
}

TEST_CASE("the step and the weight are named where a joined weight differs") {
  const Scratch scratch;
  auto other = shards;
  other.other_from = 2;
  const auto found = divergence_of(ranks_of(scratch, whole, other));
  REQUIRE(found);
  CHECK(parting_of(*found) == Parting::bits);
  CHECK(found->step == 2);
  CHECK(found->stage == "weights");
  CHECK(found->tensor == "w");
}

TEST_CASE("shards over other numbers of ranks are joined too") {
  const Scratch scratch;
  auto four = shards;
  four.ranks = 4;
  const auto found = divergence_of(ranks_of(scratch, shards, four));
  REQUIRE(found);
  CHECK(parting_of(*found) == Parting::layout);
  CHECK(found->tensors_compared == 1);
}

TEST_CASE("parts that no rows tell are untested and neither equal nor different") {
  const Scratch scratch;
  auto untold = shards;
  untold.told = false;
  const auto found = divergence_of(ranks_of(scratch, whole, untold));
  REQUIRE(found);
  CHECK(parting_of(*found) == Parting::layout);
  CHECK(found->tensors_compared == 0);
  CHECK_THAT(place_of(*found), Contains("untested") && Contains("which rows of its weights a rank holds"));
}

TEST_CASE("ranks that hold the whole weight and do not agree on it are not joined") {
  const Scratch scratch;
  auto apart = whole;
  apart.disagree_from = 2;
  const auto found = divergence_of(ranks_of(scratch, apart, shards));
  REQUIRE(found);
  CHECK(found->tensors_compared == 0);
  CHECK_THAT(found->unjoined, Contains("ranks do not agree on w"));
}

TEST_CASE("row parts alone make no difference between runs whose ranks hold the same") {
  const Scratch scratch;
  auto untold = whole;
  untold.told = false;  // as where the weights lie on a GPU
  const auto pairs = ranks_of(scratch, whole, untold);
  CHECK_FALSE(hold_other_parts(pairs));
  CHECK_FALSE(divergence_of(pairs));
  const Scratch again;
  untold.other_from = 2;
  const auto found = divergence_of(ranks_of(again, whole, untold));
  REQUIRE(found);
  CHECK(found->step == 2);
  CHECK(found->tensor == "w");
  CHECK(found->tensors_compared == 1);
}

TEST_CASE("ranks of another number that hold the same model differ by no row part") {
  const Scratch scratch;
  auto four = whole;
  four.ranks = 4;
  const auto found = divergence_of(ranks_of(scratch, whole, four));
  REQUIRE(found);
  CHECK(found->stage == "process");
}
