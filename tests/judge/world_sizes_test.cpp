// SPDX-License-Identifier: Apache-2.0
// One training by other numbers of ranks: rank 0's model against rank 0's, and the samples of all ranks
// joined.
#include "harness/judge/compare/world_sizes.h"

#include <catch2/catch.hpp>

#include "judge/drawn_trace.h"
#include "scratch.h"

using namespace reprise;

namespace {

constexpr std::int64_t steps = 4;

// What a rank's trace says of its share: `first` is where its samples begin in a batch of eight.
struct Share {
  std::uint64_t first = 0, samples = 8;
  std::int64_t weight_other_from = 99, order_other_from = 99;
  bool tells_samples = true, other_data = false;
};

Trace draw_share(const std::filesystem::path& folder, const Share& share) {
  std::filesystem::create_directories(folder);
  DrawnTrace drawn;
  drawn.steps = drawn.planned = steps;
  if (share.weight_other_from < 99) drawn.changes = {{Stage::weights, "fc1.bias", share.weight_other_from}};
  Plan plan = plan_of(drawn);
  plan.batch = share.tells_samples ? 8 : 0;
  plan.placement.ranks = share.tells_samples ? 8 / static_cast<std::int64_t>(share.samples) : 1;
  TraceWriter writer(folder / "trace.h5",
                     {plan, drawn.facts, {{"x", "F32", {4}, name_digest(share.other_data ? "y" : "x"), {}}}});
  for (std::int64_t step = 0; step <= steps; ++step) {
    StepRecord record = drawn_step(drawn, step);
    // Of a share: other batches and another loss than those of the whole.
    for (const Stage stage : {Stage::batch, Stage::loss})
      for (auto& tensor : record.of(stage))
        tensor.digest = name_digest(fmt::format("{} {}", step, share.first));
    record.of(Stage::loss).clear();
    record.loss.reset();
    record.samples.clear();
    if (share.tells_samples && step > 0)
      for (std::uint64_t i = 0; i < share.samples; ++i) record.samples.push_back(share.first + i);
    if (step >= share.order_other_from) record.samples.back() = 60;
    writer.write(record);
  }
  writer.finish();
  return Trace(folder);
}

std::optional<Divergence> compared(const Scratch& scratch, const Share& alone, const Share& first,
                                   const Share& second) {
  const std::vector<ProcessPair> ranks = {
      {"rank 0", draw_share(scratch / "a", alone), draw_share(scratch / "b0", first)},
      {"rank 1", std::nullopt, draw_share(scratch / "b1", second)}};
  return world_sizes_divergence(ranks, {});
}

}  // namespace

TEST_CASE("ranks that share the batch of one rank and make its model have no divergence") {
  CHECK_FALSE(compared(Scratch(), {}, {.first = 0, .samples = 4}, {.first = 4, .samples = 4}));
}

TEST_CASE("the first step and tensor in which the model of another number of ranks is another are named") {
  const auto found =
      compared(Scratch(), {}, {.samples = 4, .weight_other_from = 2}, {.first = 4, .samples = 4});
  REQUIRE(found);
  CHECK(found->step == 2);
  CHECK(found->stage == "weights");
  CHECK(found->tensor == "fc1.bias");
  CHECK(found->process == "rank 0");
  CHECK(found->batches_compared);
  CHECK_FALSE(found->batch_order_from);
  CHECK_FALSE(found->stage_first[static_cast<std::size_t>(Stage::batch)]);
}

TEST_CASE(
    "ranks that together see other samples are told by the first such step, before what it does to the "
    "model") {
  const auto found = compared(Scratch(), {}, {.samples = 4, .weight_other_from = 3},
                              {.first = 4, .samples = 4, .order_other_from = 3});
  REQUIRE(found);
  CHECK(found->step == 3);
  CHECK(found->stage == "batch");
  CHECK(found->batch_order_from == 3);
}

TEST_CASE("ranks of which one tells no samples are compared by their model, and that is said") {
  const auto found = compared(Scratch(), {}, {.samples = 4, .weight_other_from = 2},
                              {.first = 4, .samples = 4, .tells_samples = false});
  REQUIRE(found);
  CHECK(found->stage == "weights");
  CHECK_FALSE(found->batches_compared);
}

TEST_CASE("ranks that saw other data part before training") {
  const auto found = compared(Scratch(), {.other_data = true}, {.samples = 4}, {.first = 4, .samples = 4});
  REQUIRE(found);
  CHECK(found->step == 0);
  CHECK(found->stage == "data");
}

TEST_CASE("processes that are no ranks are not compared as such") {
  const Scratch scratch;
  const std::vector<ProcessPair> processes = {
      {"process 1", draw_share(scratch / "a", {}), draw_share(scratch / "b", {.weight_other_from = 1})},
      {"process 2", std::nullopt, draw_share(scratch / "c", {})}};
  CHECK_FALSE(world_sizes_divergence(processes, {}));
}
