// SPDX-License-Identifier: Apache-2.0
// What goes into a trace comes out of it.
#include "harness/trace/trace.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "scratch.h"
#include "trace_fixture.h"

namespace reprise {
namespace {

std::size_t column_of(const Trace& trace, Stage stage, std::string_view name) {
  for (std::size_t i = 0; i < trace.columns().size(); ++i)
    if (trace.columns()[i].stage == stage && trace.columns()[i].name == name) return i;
  FAIL("no column " << name);
  return 0;
}

TEST_CASE("a trace holds the plan, the facts and the data it was begun with") {
  const Scratch scratch;
  const MadeRun run;
  run.write(scratch / "trace.h5");
  const Trace trace(scratch / "trace.h5");
  CHECK(trace.path() == scratch / "trace.h5");
  CHECK(trace.plan_text() == to_toml(run.plan()));
  CHECK(plan_id(trace.plan()) == plan_id(run.plan()));
  CHECK(trace.facts() == Facts{{"cpu.model", "a processor"}, {"kernel", "größe"}});
  REQUIRE(trace.data().size() == 1);
  CHECK(trace.data()[0].name == "x");
  CHECK(trace.data()[0].dtype == "F32");
  CHECK(trace.data()[0].shape == std::vector<std::int64_t>{256});
  CHECK(trace.data()[0].digest == made_tensor("x", 0, 256, false).digest);
  CHECK(trace.data_digest() == set_digest("data", {{"x", trace.data()[0].digest}}));
  CHECK(trace.last_step() == 70);
  CHECK(trace.finished());
}

TEST_CASE("every row has the digests of its stages and tensors, their root, and the chain of all roots") {
  const Scratch scratch;
  const MadeRun run;
  run.write(scratch / "trace.h5");
  const Trace trace(scratch / "trace.h5");
  const auto roots = trace.roots(0, run.steps);
  const auto weights = trace.stage_column(Stage::weights, 0, run.steps);
  Digest chain;
  for (std::int64_t step = 0; step <= run.steps; ++step) {
    CAPTURE(step);
    const StepRecord record = run.record(step);
    const auto at = static_cast<std::size_t>(step);
    CHECK(roots[at] == expected_root(record, run.head()));
    CHECK(trace.root(step) == roots[at]);
    chain = chain_next(static_cast<std::uint64_t>(step), chain, roots[at]);
    CHECK(trace.chain(step) == chain);
    for (std::size_t s = 0; s < stage_count; ++s)
      CHECK(trace.stages(step)[s] == expected_stage(record, static_cast<Stage>(s)));
    CHECK(weights[at] == expected_stage(record, Stage::weights));
    const auto tensors = trace.tensors(step);
    REQUIRE(tensors.size() == 8);
    std::size_t present = 0;
    for (std::size_t s = 0; s < stage_count; ++s)
      for (const TensorDigest& tensor : record.stages[s]) {
        CHECK(tensors[column_of(trace, static_cast<Stage>(s), tensor.name)] == tensor.digest);
        ++present;
      }
    CHECK(std::ranges::count_if(tensors, &Digest::present) == static_cast<std::ptrdiff_t>(present));
  }
}

TEST_CASE("row 0 knows nothing of batch, loss, gradients and optimizer") {
  const Scratch scratch;
  MadeRun().write(scratch / "trace.h5");
  const Trace trace(scratch / "trace.h5");
  const auto stages = trace.stages(0);
  CHECK_FALSE(stages[static_cast<std::size_t>(Stage::batch)].present());
  CHECK_FALSE(stages[static_cast<std::size_t>(Stage::loss)].present());
  CHECK_FALSE(stages[static_cast<std::size_t>(Stage::gradients)].present());
  CHECK_FALSE(stages[static_cast<std::size_t>(Stage::optimizer)].present());
  CHECK(stages[static_cast<std::size_t>(Stage::rng)].present());
  CHECK(stages[static_cast<std::size_t>(Stage::weights)].present());
  CHECK(trace.samples(0).empty());
  CHECK(trace.loss(0).dtype.empty());
}

TEST_CASE("losses keep their bits, metrics their values, and samples their order") {
  const Scratch scratch;
  const MadeRun run;
  run.write(scratch / "trace.h5");
  const Trace trace(scratch / "trace.h5");
  const auto losses = trace.losses(0, 70);
  CHECK(std::isnan(losses[0]));
  for (std::int64_t step = 1; step <= 70; ++step) {
    const StepRecord record = run.record(step);
    CHECK(trace.loss(step).bits == record.loss->bits);
    CHECK(trace.loss(step).dtype == "F32");
    CHECK(losses[static_cast<std::size_t>(step)] == static_cast<double>(2.0F / static_cast<float>(step)));
    CHECK(trace.samples(step) == record.samples);
  }
  const auto metrics = trace.metrics();
  REQUIRE(metrics.size() == 6);
  CHECK(metrics[0].first == 30);
  CHECK(metrics[0].second.name == "accuracy");
  CHECK(metrics[5].first == 70);
  CHECK(metrics[5].second.name == "loss");
  CHECK(metrics[5].second.value == std::sqrt(2.0));
}

TEST_CASE("leaves are kept at checkpoints, and the pins as read back") {
  const Scratch scratch;
  const MadeRun run;
  run.write(scratch / "trace.h5");
  const Trace trace(scratch / "trace.h5");
  CHECK(trace.checkpoint_steps() == std::vector<std::int64_t>{0, 30, 60, 70});
  const auto leaves = trace.leaves(60);
  CHECK(leaves.step == 60);
  CHECK(leaves.by_column.size() == 8);
  const auto kept = leaves.by_column.at(column_of(trace, Stage::gradients, "fc1.weight"));
  CHECK(kept == made_tensor("fc1.weight", 60, 5000, true).leaves);
  CHECK(kept.size() == 2);
  CHECK_THROWS_WITH(trace.leaves(61), Catch::Contains("no leaf digests at step 61"));
  const auto readings = trace.pin_checks();
  REQUIRE(readings.size() == 4);
  CHECK(readings[3].step == 70);
  CHECK(readings[3].values == default_pins());
}

TEST_CASE("tensors may appear at any step, also many of them, and are absent before") {
  const Scratch scratch;
  MadeRun run;
  run.batch = 1;
  run.steps = 139;
  TraceWriter writer(scratch / "trace.h5", {run.plan(), {}, {}});
  for (std::int64_t step = 0; step < 140; ++step) {
    StepRecord record;
    record.step = step;
    if (step > 0) record.samples = {1};
    for (std::int64_t i = 0; i < 1 + step / 2; ++i)
      record.stages[4].push_back(made_tensor("w" + std::to_string(i), step, 3, false));
    std::ranges::reverse(record.stages[4]);
    if (step % 50 == 7) record.stages[4].erase(record.stages[4].begin());
    writer.write(record);
  }
  writer.finish();
  const Trace trace(scratch / "trace.h5");
  REQUIRE(trace.columns().size() == 70);
  CHECK(trace.last_step() == 139);
  const std::size_t last = column_of(trace, Stage::weights, "w69"),
                    middle = column_of(trace, Stage::weights, "w28");
  CHECK_FALSE(trace.tensors(137)[last].present());
  CHECK(trace.tensors(138)[last] == made_tensor("w69", 138, 3, false).digest);
  CHECK(trace.tensors(56)[middle] == made_tensor("w28", 56, 3, false).digest);
  CHECK_FALSE(trace.tensors(57)[middle].present());  // left out once
  CHECK(trace.tensors(58)[middle].present());
}

TEST_CASE("a diff's questions read little of a trace") {
  const Scratch scratch;
  MadeRun run;
  run.steps = 640;
  run.write(scratch / "trace.h5");
  const Trace trace(scratch / "trace.h5");
  const auto begin = trace.bytes_read();
  CHECK(trace.root(640) == trace.root(640));
  CHECK(trace.bytes_read() - begin == 32);
  trace.stages(3);
  CHECK(trace.bytes_read() - begin == 32 + 96);
  trace.tensors(3);
  CHECK(trace.bytes_read() - begin == 32 + 96 + 8 * 16);
  trace.roots(0, 640);
  CHECK(trace.bytes_read() - begin == 32 + 96 + 8 * 16 + 641 * 16);
}

TEST_CASE("a run's folder stands for its trace, whole or partial") {
  const Scratch scratch;
  MadeRun().write(scratch / "trace.h5");
  CHECK(Trace(scratch.path()).path() == scratch / "trace.h5");
  std::filesystem::rename(scratch / "trace.h5", scratch / "trace.h5.partial");
  CHECK(Trace(scratch.path()).path() == scratch / "trace.h5.partial");
  std::filesystem::remove(scratch / "trace.h5.partial");
  CHECK_THROWS_WITH(Trace(scratch.path()), Catch::Contains("folder without trace.h5"));
}

TEST_CASE("steps outside the trace are refused with the steps there are") {
  const Scratch scratch;
  MadeRun().write(scratch / "trace.h5");
  const Trace trace(scratch / "trace.h5");
  CHECK_THROWS_WITH(trace.root(71), Catch::Contains("has the steps 0 to 70"));
  CHECK_THROWS_AS(trace.tensors(-1), Error);
  CHECK_THROWS_AS(trace.roots(5, 4), Error);
  CHECK_THROWS_AS(trace.samples(1000), Error);
}

TEST_CASE("every dtype of a loss has its value") {
  CHECK(value_of({"F64", 0x4000000000000000}) == 2.0);
  CHECK(value_of({"F32", 0xC0200000}) == -2.5);
  CHECK(value_of({"BF16", 0x4020}) == 2.5);
  CHECK(value_of({"F16", 0x3C00}) == 1.0);
  CHECK(value_of({"F16", 0xC100}) == -2.5);
  CHECK(value_of({"F16", 0x0001}) == std::ldexp(1.0, -24));
  CHECK(value_of({"F16", 0xFC00}) == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(value_of({"F16", 0x7E00})));
  CHECK(std::isnan(value_of({"F32", 0x7FC00001})));
}

}  // namespace
}  // namespace reprise
