// SPDX-License-Identifier: Apache-2.0
// The trace of a command has a stage more, for modules that no optimizer has; one of a recipe has not, and
// older ones of commands are still read. tests/golden/trace-v3.h5 is made again by build/bin/trace_tests
// "[.golden]".
#include <catch2/catch.hpp>

#include "older_command_trace.h"
#include "scratch.h"
#include "trace_fixture.h"

namespace reprise {
namespace {

constexpr const char* golden = REPRISE_SOURCE "/tests/golden/trace-v3.h5";

MadeRun command_run() {
  MadeRun run;
  run.pins = {{"seed", "0"}, {"threads", "1"}};
  run.command = true;
  return run;
}

std::string format_of(const std::filesystem::path& path) {
  return h5::File::open(path).text_attribute("format").value_or("none");
}

void check_as_made(const Trace& trace, const MadeRun& run) {
  CHECK(trace.stages_held() == 7);
  for (std::int64_t step = 0; step <= trace.last_step(); ++step) {
    const StepRecord record = run.record(step);
    const Digest expected = expected_stage(record, Stage::auxiliary);
    CHECK(trace.stages(step)[6] == expected);
    CHECK(trace.stage_column(Stage::auxiliary, step, step).front() == expected);
    CHECK(trace.root(step) == expected_root(record, run.head()));
  }
}

}  // namespace

TEST_CASE("the golden trace of version 3 is written again", "[.golden]") { command_run().write(golden); }

TEST_CASE("the golden trace of version 3 reads as it always did") {
  const Trace trace(golden);
  CHECK(trace.last_step() == 70);
  CHECK(trace.columns().at(3).name == "target.weight");
  CHECK(trace.columns().at(3).stage == Stage::auxiliary);
  check_as_made(trace, command_run());
}

TEST_CASE("a command's trace has the stage auxiliary, a recipe's has not") {
  const Scratch scratch;
  command_run().write(scratch / "command.h5");
  CHECK(format_of(scratch / "command.h5") == "reprise.trace/3");
  check_as_made(Trace(scratch / "command.h5"), command_run());
  MadeRun recipe;
  recipe.write(scratch / "recipe.h5");
  CHECK(format_of(scratch / "recipe.h5") == "reprise.trace/1");
  const Trace trace(scratch / "recipe.h5");
  CHECK(trace.stages_held() == 6);
  CHECK_FALSE(trace.stages(1)[6].present());
  CHECK_FALSE(trace.stage_column(Stage::auxiliary, 0, 5).at(5).present());
  StepRecord wrong = recipe.record(0);
  wrong.of(Stage::auxiliary).push_back(made_tensor("target", 0, 4, false));
  TraceWriter writer(scratch / "wrong.h5", recipe.head());
  CHECK_THROWS_WITH(writer.write(wrong), Catch::Contains("a recipe's trace has no modules"));
}

TEST_CASE("a trace of a command in the older format is read, and has not observed such modules") {
  const Scratch scratch;
  MadeRun run = command_run();
  {
    TraceWriter writer(scratch / "trace.h5", run.head());
    for (std::int64_t step = 0; step <= 3; ++step) {
      StepRecord record = run.record(step);
      record.of(Stage::auxiliary).clear();
      writer.write(record);
    }
    writer.finish();
  }
  const Digest chain = Trace(scratch / "trace.h5").chain(3);
  make_older(scratch / "trace.h5");
  CHECK(format_of(scratch / "trace.h5") == "reprise.trace/1");
  const Trace trace(scratch / "trace.h5");
  CHECK(trace.stages_held() == 6);
  CHECK(trace.chain(3) == chain);
  CHECK_FALSE(trace.stages(3)[6].present());
}

}  // namespace reprise
