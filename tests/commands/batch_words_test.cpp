// SPDX-License-Identifier: Apache-2.0
// What is said of two runs that part in a batch claims no more than their traces hold.
#include <catch2/catch.hpp>

#include "harness/search/bisect_words.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Contains;

namespace {

// Of one step; `more`: a second batch was taken.
Trace trace_with(const Scratch& scratch, const std::string& name, float value, bool more, bool command) {
  SmallTrace small;
  small.steps = 1;
  Plan plan = plan_of(small);
  if (command) {
    plan.command = CommandLine{.words = {"python", "train.py"}, .keep_env = {}, .folder = ""};
    plan.program = "";
    plan.steps = plan.batch = plan.samples = plan.evaluate_every = 0;
    plan.metric.reset();
  }
  const auto path = scratch.path() / (name + ".h5");
  {
    TraceWriter writer(path, TraceHead{plan, {}, {}});
    writer.write(record_of(small, 0));
    const auto samples = command ? std::vector<std::uint64_t>{} : record_of(small, 1).samples;
    StepRecord record = record_of(small, 1);
    record.of(Stage::batch) = {floats("x", {value})};
    if (more) record.of(Stage::batch).push_back(floats("batch2.x", {1}));
    record.samples = samples;
    if (command) record.metrics.clear();
    writer.write(record);
    writer.finish();
  }
  return Trace(path, Reading::as_it_stands);
}

std::string words(const Trace& a, const Trace& b, const std::string& tensor) {
  Divergence first;
  first.step = 1;
  first.stage = "batch";
  first.tensor = tensor;
  return batch_words(first, a, b);
}

}  // namespace

TEST_CASE("a batch that one side alone takes is told as that") {
  const Scratch scratch;
  const Trace a = trace_with(scratch, "a", 1, false, false), b = trace_with(scratch, "b", 1, true, false);
  CHECK_THAT(
      words(a, b, "batch2.x"),
      Contains("in step 1 side B takes more out of its data loaders than side A, which has no batch2.x"));
  CHECK_THAT(words(b, a, "batch2.x"), Contains("side A takes more"));
  const Trace c = trace_with(scratch, "c", 2, false, false);
  CHECK_THAT(words(a, c, "x"), Contains("has the same samples in the same order, but its x differs"));
  const Trace d = trace_with(scratch, "d", 1, false, true), e = trace_with(scratch, "e", 2, false, true);
  CHECK_THAT(words(d, e, "x"),
             Contains("is another one: its x differs: these are other samples, or the data was"));
}
