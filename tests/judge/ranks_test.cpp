// SPDX-License-Identifier: Apache-2.0
// Ranks that must hold equal weights, side by side.
#include "harness/judge/compare/ranks.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/left/collectives.h"
#include "harness/trace/trace_writer.h"
#include "judge/matrices.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

struct Rank {
  std::int64_t steps = 3;
  std::int64_t parts_from = 99;  // its weight is another from this step on
  std::int64_t rows = 4;         // of the weight
  bool other_buffer = false, trains = true;
  std::string shard = "";  // which part of the weight it holds
  std::string calls = "";  // its numbers of collective calls
};

TensorDigest tensor(const std::string& name, std::vector<std::int64_t> shape, const std::string& content) {
  return {name, "U8", std::move(shape), name_digest(content), {}};
}

ProcessTrace drawn(const std::filesystem::path& folder, const std::string& rank, const Rank& one) {
  std::filesystem::create_directories(folder);
  Plan plan;
  plan.recipe = "train";
  plan.command = CommandLine{{"torchrun", "train.py"}, Seeding::imposed, {}, ""};
  plan.pins = {{"seed", "0"}};
  TraceWriter writer(folder / "trace.h5", {plan, {}, {}});
  for (std::int64_t step = 0; step <= one.steps; ++step) {
    StepRecord record;
    record.step = step;
    const std::string at = std::to_string(step);
    record.of(Stage::weights) = {
        tensor("fc.weight" + one.shard, {one.rows, 4}, "w" + at + (step >= one.parts_from ? "!" : "")),
        tensor("norm.mean", {4}, "m" + at + (one.other_buffer ? "!" : ""))};
    if (step > 0) record.of(Stage::batch) = {tensor("batch.0", {8, 2}, "b" + at + rank)};
    if (step > 0 && one.trains)
      record.of(Stage::gradients) = {tensor("fc.weight" + one.shard, {one.rows, 4}, "g" + at)};
    writer.write(record);
  }
  writer.finish();
  if (!one.calls.empty()) write_atomically(folder / collectives_name, one.calls);
  ProcessEntry who;
  who.rank = rank;
  return {who, Trace(folder)};
}

RunTraces run_of_two(const std::filesystem::path& folder, const Rank& first, const Rank& second) {
  RunTraces run;
  run.told_by = ToldBy::rank;
  run.processes = {drawn(folder / "0", "0", first), drawn(folder / "1", "1", second)};
  return run;
}

std::optional<RanksHeld> held(const Rank& second, const Rank& first = {}) {
  const Scratch folder;
  return ranks_held(run_of_two(folder.path(), first, second));
}

}  // namespace

TEST_CASE("ranks that hold equal weights are said to, with the samples of each") {
  const auto found = held({});
  REQUIRE(found);
  CHECK(found->hold());
  CHECK(sentence_of(*found) ==
        "2 ranks hold equal weights after each of 3 steps (1 trained tensor); 8 + 8 samples in the first "
        "step's "
        "batches");
}

TEST_CASE("the first step and tensor in which a rank holds other weights is named") {
  const auto found = held({.parts_from = 2});
  REQUIRE(found->parts);
  CHECK_FALSE(found->hold());
  CHECK(found->parts->rank == "1");
  CHECK(found->parts->step == 2);
  CHECK_THAT(sentence_of(*found),
             Contains("rank 1 holds other weights than rank 0 from step 2 on (fc.weight; 1 of 1"));
  CHECK_THAT(sentence_of(*held({.parts_from = 0})), Contains("before training"));
}

TEST_CASE("what ranks did together in the step in which they part is told where that tells something") {
  const auto told = [](const std::string& first, const std::string& second) {
    return sentence_of(*held({.parts_from = 2, .calls = second}, {.calls = first}));
  };
  CHECK_THAT(told("1 1\n2 0\n", "1 1\n2 0\n"), Contains("; in step 2 no rank began a collective call"));
  CHECK_THAT(told("1 1\n", "1 1\n2 0\n"),
             Contains("; in step 2 rank 1 began no collective call and rank 0 began 1"));
  CHECK(told("1 1\n", "1 1\n3 0\n").find("collective") == std::string::npos);
  CHECK(told("1 1\n", "").find("collective") == std::string::npos);
}

TEST_CASE("a buffer that differs between ranks is told and is no fault") {
  const auto found = held({.other_buffer = true});
  CHECK(found->hold());
  CHECK_THAT(sentence_of(*found),
             Contains("1 tensor that is not trained differs between ranks") && Contains("norm.mean"));
}

TEST_CASE("ranks that hold shards or parts of a model are untested") {
  const auto shards = held({.rows = 2});
  CHECK_FALSE(shards->hold());
  CHECK_FALSE(shards->parts);
  CHECK_THAT(sentence_of(*shards), Contains("untested") && Contains("shard"));
  CHECK_THAT(sentence_of(*held({.trains = false})), Contains("each holds a part of the model"));
  CHECK_THAT(sentence_of(*held({}, {.trains = false})),
             Contains("no gradient of a weight was seen in rank 0"));
}

TEST_CASE("steps that one rank alone made are said not to be compared, and of no step nothing is said") {
  const auto longer = held({.steps = 5});
  REQUIRE(longer);
  CHECK_THAT(sentence_of(*longer), Contains("after each of 3 steps") &&
                                       Contains("some ranks go on to step 5, which is not compared"));
  const auto none = held({.steps = 0});
  REQUIRE(none);
  CHECK_FALSE(none->hold());
  CHECK_THAT(sentence_of(*none), Contains("untested"));
}

TEST_CASE("shards of a tensor are parts of a model and no different weights") {
  Rank first, second;
  first.shard = " [shard 1 of 2 along axis 0]";
  second.shard = " [shard 2 of 2 along axis 0]";
  const auto found = held(second, first);
  REQUIRE(found);
  CHECK_FALSE(found->hold());
  CHECK_FALSE(found->parts);
  CHECK_THAT(sentence_of(*found), Contains("untested: each rank holds a part of the model: rank 0 has "
                                           "fc.weight [shard 1 of 2 along axis 0]"));
}

TEST_CASE("runs that repeat while their ranks hold other weights keep no promise") {
  const auto judged = [](const Rank& second) {
    const Scratch folder;
    std::vector<NamedTrace> traces;
    for (const char* name : {"baseline", "repeat=2"}) {
      const RunTraces run = run_of_two(folder / name, {}, second);
      traces.push_back({name, run.processes.front().trace, run});
    }
    const Factor repeat{"repeat", {"1", "2"}, Promise::bitwise};
    const auto made = hand_made({repeat}, {{"baseline", {"1"}}, {"repeat=2", {"2"}}});
    return judge(made.diff, made.matrix, std::nullopt, traces);
  };
  CHECK(judged({}).exit_code == 0);
  CHECK(judged({}).headline == "Both runs are identical, bit for bit, from the first step to the last.");
  const auto parted = judged({.parts_from = 2});
  CHECK(parted.exit_code == 1);
  CHECK_THAT(parted.headline,
             Contains("identical") && Contains("Ranks part: in baseline (and 1 more run) rank 1 holds "
                                               "other weights than rank 0 from step 2 on (fc.weight"));
}
