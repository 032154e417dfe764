// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/baseline.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/baseline/environment.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Baseline gave(const Scratch& folder, const SmallTrace& made) {
  write_small_trace(folder / "trace.h5", made);
  return baseline_of(read_run(folder / "trace.h5"), "runs/one");
}

}  // namespace

TEST_CASE("a baseline holds every step of a short run, and is the same after it was written and read") {
  const Scratch folder;
  Baseline baseline = gave(folder, {});
  REQUIRE(baseline.processes.size() == 1);
  CHECK(baseline.processes[0].last_step == 6);
  CHECK(baseline.processes[0].steps.size() == 7);
  CHECK(baseline.processes[0].metrics.at("accuracy") == "96");
  CHECK(baseline.hardware == Facts{{"cpu.model", "a test"}});
  baseline.earlier = {{std::string(32, 'a'), "0.0.9", "a new \"library\"\nof old"}};
  baseline.pins = {{"threads", "2"}};
  const std::string text = to_toml(baseline);
  CHECK(baseline_from_toml(text, "b.toml") == baseline);
  CHECK(to_toml(baseline_from_toml(text, "b.toml")) == text);
  CHECK(file_name(baseline) ==
        "small-" + baseline.plan_id.substr(0, 8) + "-" + environment_id(baseline.hardware) + ".toml");
}

TEST_CASE("of a long run a baseline holds about a thousand steps, the last among them") {
  const Scratch folder;
  const Baseline baseline = gave(folder, {.steps = 2500});
  const auto& steps = baseline.processes[0].steps;
  CHECK(steps.size() > 800);
  CHECK(steps.size() <= 1002);
  CHECK(steps.front().step == 0);
  CHECK(steps.back().step == 2500);
}

TEST_CASE("a baseline that was edited, cut or is of another format is refused in one sentence") {
  const Scratch folder;
  const std::string text = to_toml(gave(folder, {}));
  const auto refused = [](const std::string& damaged, const std::string& part) {
    INFO(part);
    CHECK_THROWS_WITH(baseline_from_toml(damaged, "b.toml"), Contains("b.toml") && Contains(part));
  };
  std::string other = text;
  const auto chain = other.find("chain = \"") + 9;
  other[chain] = other[chain] == '0' ? '1' : '0';
  refused(other, "the file was edited");
  refused(text.substr(0, text.size() / 2), "b.toml");
  std::string later = text;
  later.replace(later.find("baseline/1"), 10, "baseline/9");
  refused(later, "wanted a baseline of the format reprise.baseline/1, found \"reprise.baseline/9\"");
  std::string longer = text;
  longer.replace(longer.find("last_step = 6"), 13, "last_step = 7");
  refused(longer, "wanted steps in rising order up to 7");
  refused("recipe = \"waves\"\n", "wanted a baseline of the format");
  std::string unknown = text;
  unknown.insert(0, "colour = \"red\"\n");
  refused(unknown, "colour");
}

TEST_CASE("a run that did not end, or is a closer look, makes no baseline") {
  const Scratch folder;
  SmallTrace small;
  Plan plan = plan_of(small);
  {
    TraceWriter writer(folder / "trace.h5", {plan, {}, {}});
    for (std::int64_t step = 0; step <= 3; ++step) writer.write(record_of(small, step));
  }
  for (const auto* name : {"trace.h5", "trace.h5.partial"})
    if (std::filesystem::exists(folder / name))
      CHECK_THROWS_WITH(baseline_of(read_run(folder / name), "here"),
                        Contains("wanted a run that came to its end"));
  plan.watch.until = 4;
  {
    TraceWriter writer(folder / "short.h5", {plan, {}, {}});
    for (std::int64_t step = 0; step <= 4; ++step) writer.write(record_of(small, step));
    writer.finish();
  }
  CHECK_THROWS_WITH(baseline_of(read_run(folder / "short.h5"), "here"), Contains("wanted a whole run"));
}

TEST_CASE(
    "a whole run whose operators were looked at beside has a baseline, and one with a fault in it has none") {
  const Scratch folder;
  SmallTrace small;
  const auto run_of = [&](const std::string& name, const Plan& plan) {
    TraceWriter writer(folder / name, {plan, {}, {}});
    for (std::int64_t step = 0; step <= plan.steps; ++step) writer.write(record_of(small, step));
    writer.finish();
    return folder / name;
  };
  Plan watched = plan_of(small);
  watched.watch.ops.first = 1;
  watched.watch.ops.last = 2;
  CHECK(baseline_of(read_run(run_of("watched.h5", watched)), "here").plan_id == plan_id(watched));
  Plan faulty = plan_of(small), moved = plan_of(small);
  faulty.watch.injected = {"flip-bit", 2};
  moved.watch.values.nudged = 1;
  CHECK_THROWS_WITH(baseline_of(read_run(run_of("faulty.h5", faulty)), "here"),
                    Contains("wanted a whole run"));
  CHECK_THROWS_WITH(baseline_of(read_run(run_of("moved.h5", moved)), "here"), Contains("wanted a whole run"));
}

TEST_CASE("every file of a folder of baselines must be one") {
  const Scratch folder;
  const Baseline baseline = gave(folder, {});
  std::filesystem::create_directory(folder / "kept");
  write_atomically(folder / "kept/b.toml", to_toml(baseline));
  write_atomically(folder / "kept/README.md", "what this is");
  CHECK(baselines_in(folder / "kept") == std::vector{baseline});
  write_atomically(folder / "kept/a.toml", "x = 1\n");
  CHECK_THROWS_WITH(baselines_in(folder / "kept"), Contains("a.toml"));
  CHECK_THROWS_WITH(baselines_in(folder / "none"), Contains("wanted a folder of baselines"));
}
