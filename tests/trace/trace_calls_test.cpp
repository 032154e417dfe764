// SPDX-License-Identifier: Apache-2.0
// Operator calls in a trace: what was written is read, and counts exactly as far as its step does.
#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/hdf5/hdf5.h"
#include "scratch.h"
#include "trace_fixture.h"

namespace reprise {
namespace {

MadeRun watched_run() {
  MadeRun run;
  run.steps = 10;
  run.checkpoint_every = 5;
  return run;
}

TraceHead watched_head(const MadeRun& run, std::int64_t first, std::int64_t last) {
  TraceHead head = run.head();
  head.plan.watch.ops.first = first;
  head.plan.watch.ops.last = last;
  return head;
}

std::vector<OpCall> made_calls(std::int64_t step, std::int64_t count) {
  std::vector<OpCall> calls;
  for (std::int64_t i = 0; i < count; ++i) {
    OpCall call;
    call.step = step;
    call.phase = static_cast<Phase>(i % 5);
    call.order = i;
    call.depth = i % 3;
    call.sequence = i % 2 == 0 ? -1 : i;
    call.name = i % 2 == 0 ? "aten::addmm" : "aten::add_.Tensor";
    call.scope = i % 7 == 0 ? "größe/attn" : "";
    call.scalars = std::string(static_cast<std::size_t>(i % 11) * 100, 'a') + std::to_string(i);
    for (std::int64_t k = 0; k < i % 4; ++k)
      call.inputs.push_back({{static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(i * 10 + k)},
                             "F32",
                             {k, i},
                             Seen::content});
    call.outputs.push_back({{}, "", {}, static_cast<Seen>(i % 7)});
    if (i % 5 == 0) call.outputs.back().writer = "aten::lerp_.Scalar of Thread-1 (average)";
    call.thread = i % 3 == 0 ? "" : "Thread-1 (average)";
    const auto place = [](std::int64_t line) {
      return KnownPlace{std::make_shared<const CodePlace>(
          CodePlace{"größe.py", line, "forward", "x = f(x)", "f(x)", "h.0 (Block)", "train.py:3"})};
    };
    if (i % 3 != 0) call.place = place(i % 5);
    if (i % 4 == 0) call.forward = place(i % 7);
    for (std::int64_t k = 0; k < i % 3; ++k)
      call.kernels.push_back({k == 0 ? "ampere_sgemm_64x32_sliced1x4_tn" : "void at::native::reduce<4>(int)",
                              {i + 1, 2, 1},
                              {128, 1, k + 1},
                              49152 * k,
                              32 + k,
                              i});
    calls.push_back(call);
  }
  return calls;
}

// A whole run whose window goes from step 3 to `last`, with these calls in step 3.
void write_window(const std::filesystem::path& file, std::int64_t last, const std::vector<OpCall>& calls) {
  const MadeRun run = watched_run();
  TraceWriter writer(file, watched_head(run, 3, last));
  for (std::int64_t step = 0; step <= run.steps; ++step) {
    if (step == 3) writer.write_calls(calls);
    run.write_step(writer, step);
  }
  writer.finish();
}

TEST_CASE("operator calls of a window are read as they were written, of a whole step and of none") {
  const Scratch scratch;
  write_window(scratch / "trace.h5", 4, made_calls(3, 4000));
  const Trace trace(scratch / "trace.h5");
  CHECK(trace.calls(3) == made_calls(3, 4000));
  CHECK(trace.calls(4).empty());
  CHECK(trace.calls(2).empty());
  CHECK_THROWS_WITH(trace.calls(11), Catch::Contains("has the steps 0 to 10"));
}

TEST_CASE("a trace from before kernels were asked for has calls without kernels") {
  const Scratch scratch;
  write_window(scratch / "trace.h5", 3, made_calls(3, 10));
  {
    const auto file = h5::File::open_to_add(scratch / "trace.h5");
    for (const char* name : {"/ops/kernel", "/ops/kernel_end", "/seal"})
      REQUIRE(H5Ldelete(file.id(), name, H5P_DEFAULT) >= 0);
  }
  auto wanted = made_calls(3, 10);
  for (auto& call : wanted) call.kernels.clear();
  CHECK(Trace(scratch / "trace.h5").calls(3) == wanted);
}

TEST_CASE("a trace from before lines were asked for has calls without places") {
  const Scratch scratch;
  write_window(scratch / "trace.h5", 3, made_calls(3, 10));
  {
    const auto file = h5::File::open_to_add(scratch / "trace.h5");
    for (const char* name : {"/ops/line", "/ops/place", "/seal"})
      REQUIRE(H5Ldelete(file.id(), name, H5P_DEFAULT) >= 0);
  }
  auto wanted = made_calls(3, 10);
  for (auto& call : wanted) call.place = call.forward = {};
  CHECK(Trace(scratch / "trace.h5").calls(3) == wanted);
  CHECK_FALSE(made_calls(3, 10) == wanted);
}

TEST_CASE("in the file of a killed run the calls of committed steps count, and no others") {
  const Scratch scratch;
  const MadeRun run = watched_run();
  {
    TraceWriter writer(scratch / "trace.h5", watched_head(run, 5, 6));
    for (std::int64_t step = 0; step <= 5; ++step) {
      if (step == 5) writer.write_calls(made_calls(5, 10));
      run.write_step(writer, step);  // step 5 is a checkpoint: it is committed
    }
    writer.write_calls(made_calls(6, 10));
  }
  const Trace trace(scratch / "trace.h5.partial");
  CHECK(trace.last_step() == 5);
  CHECK(trace.calls(5) == made_calls(5, 10));
  CHECK_THROWS(trace.calls(6));
}

TEST_CASE("calls are refused out of order, at another step, and by a plan without a window") {
  const Scratch scratch;
  const MadeRun run = watched_run();
  TraceWriter plain(scratch / "plain.h5", run.head());
  CHECK_THROWS_WITH(plain.write_calls(made_calls(0, 1)), Catch::Contains("has a window"));
  TraceWriter writer(scratch / "trace.h5", watched_head(run, 0, 9));
  CHECK_THROWS_WITH(writer.write_calls(made_calls(1, 1)), Catch::Contains("before the row of their step"));
  auto calls = made_calls(0, 3);
  std::swap(calls[0], calls[2]);
  CHECK_THROWS_WITH(writer.write_calls(calls), Catch::Contains("by role, then order"));
}

TEST_CASE("a run that begins at a checkpoint has the rows of its own steps") {
  const Scratch scratch;
  const MadeRun run = watched_run();
  TraceHead head = run.head();
  head.plan.watch.from = 6;
  {
    TraceWriter writer(scratch / "trace.h5", head);
    CHECK(writer.committed() == 5);
    StepRecord start = run.record(6);
    start.samples.clear();
    writer.write(start);
    for (std::int64_t step = 7; step <= run.steps; ++step) run.write_step(writer, step);
    writer.finish();
  }
  run.write(scratch / "whole.h5");
  const Trace late(scratch / "trace.h5"), whole(scratch / "whole.h5");
  CHECK(late.first_step() == 6);
  CHECK(late.last_step() == 10);
  CHECK(late.finished());
  CHECK(late.roots(7, 10) == whole.roots(7, 10));
  CHECK(late.stages(6) == whole.stages(6));
  CHECK(late.samples(9) == whole.samples(9));
  CHECK(late.metrics().back().second.value == whole.metrics().back().second.value);
  CHECK(late.checkpoint_steps() == std::vector<std::int64_t>{10});
  CHECK_THROWS_WITH(late.root(5), Catch::Contains("has the steps 6 to 10"));
}

TEST_CASE("a plan keeps its text and its id where nothing is looked at more closely") {
  Plan plan = watched_run().plan();
  const std::string text = to_toml(plan), id = plan_id(plan), recipe = recipe_id(plan);
  CHECK(text.find("until") == std::string::npos);
  plan.watch.ops = {2, 3, {"forward", "optimizer"}, 10};
  plan.watch.dump = CallPlace{3, 1, 14, "Thread-1 (average)", "aten::lerp_.Scalar"};
  plan.watch.injected = InjectedFault{"flip-bit", 2};
  plan.watch.from = 1;
  plan.watch.until = 4;
  plan.resume_at = 3;
  CHECK_NOTHROW(check_plan(plan));
  CHECK(plan_id(plan) != id);
  CHECK(recipe_id(plan) == recipe);
  CHECK(recipe_difference(plan, watched_run().plan()).empty());
  const Plan again = plan_from_toml(to_toml(plan), "plan");
  CHECK(to_toml(again) == to_toml(plan));
  CHECK(again.watch.ops == plan.watch.ops);
  CHECK(again.watch.dump == plan.watch.dump);
  CHECK(again.watch.injected == plan.watch.injected);
  CHECK(again.resume_at == 3);
}

TEST_CASE("a closer look that does not fit the plan is refused with a sentence") {
  const auto refusal = [](auto change) {
    Plan plan = watched_run().plan();
    change(plan);
    try {
      check_plan(plan);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  using Catch::Contains;
  CHECK_THAT(refusal([](Plan& plan) { plan.watch.until = 11; }), Contains("within 1 to 10"));
  CHECK_THAT(refusal([](Plan& plan) { plan.watch.from = 10; }), Contains("within 0 to 9"));
  CHECK_THAT(refusal([](Plan& plan) { plan.resume_at = -1; }), Contains("resume"));
  CHECK_THAT(refusal([](Plan& plan) { plan.watch.ops.last = 11; }), Contains("found 0 to 11"));
  CHECK_THAT(refusal([](Plan& plan) {
               plan.watch.ops = {0, 1, {"backwards"}, 0};
             }),
             Contains("did you mean 'backward'"));
  CHECK_THAT(refusal([](Plan& plan) { plan.watch.dump = CallPlace{3, 0, 0}; }), Contains("step 3"));
  CHECK_THAT(refusal([](Plan& plan) {
               plan.watch.injected = InjectedFault{"flip-bits", 1};
             }),
             Contains("did you mean 'flip-bit'"));
  CHECK_THAT(refusal([](Plan& plan) {
               plan.watch.injected = InjectedFault{"flip-bit", 0};
             }),
             Contains("within 1 to 10"));
}

}  // namespace
}  // namespace reprise
