// SPDX-License-Identifier: Apache-2.0
// What every executor on the shelf promises of a process that it starts, and what a plan says of executors.
#include "harness/launch/executor.h"

#include <unistd.h>

#include "gone.h"
#include "launch/fake_worker.h"

using namespace reprise;
using Catch::Matchers::Contains;
using std::chrono::seconds;

namespace {

ProcessStart shell(const Scratch& scratch, const std::string& script) {
  return {{"/bin/sh", "-c", script}, {{"ONLY", "this"}}, scratch / "log", scratch.path()};
}

ProcessEnd end_of(Execution& execution) {
  std::optional<ProcessEnd> end;
  while (!(end = execution.poll())) ::usleep(1000);
  CHECK(execution.poll());  // it stays ended
  return *end;
}

}  // namespace

TEST_CASE("every executor starts a process with its environment, folder and log, and tells how it ended") {
  REQUIRE_FALSE(executors_shelf().empty());
  for (const auto& [name, executor] : executors_shelf()) {
    INFO(name);
    const Scratch scratch;
    CHECK(std::string(executor->summary).size() > 10);
    CHECK((executor->start == nullptr) != (executor->hand_over == nullptr));
    if (executor->start == nullptr) continue;  // slurm_runs_test.cpp
    const auto started = executor->start(shell(scratch, "echo $ONLY; pwd; exit 7"), {});
    const ProcessEnd end = end_of(*started);
    CHECK(end.exit_code == 7);
    CHECK(end.signal == 0);
    CHECK_FALSE(end.timed_out);
    CHECK(read_file(scratch / "log", "log") == "this\n" + scratch.path().string() + "\n");
  }
}

TEST_CASE("every executor ends a process when its time is up or it is told to, with all it started") {
  for (const auto& [name, executor] : executors_shelf()) {
    INFO(name);
    if (executor->start == nullptr) continue;
    const Scratch scratch;
    const auto endless = shell(scratch, "sleep 1000 & echo $! > child; touch begun; wait");
    const auto limited = executor->start(endless, seconds(1));
    CHECK(end_of(*limited).timed_out);
    std::filesystem::remove(scratch / "begun");
    const auto stopped = executor->start(endless, {});
    while (!std::filesystem::exists(scratch / "begun")) ::usleep(1000);
    CHECK_FALSE(stopped->poll());
    stopped->stop();
    const ProcessEnd end = end_of(*stopped);
    CHECK(end.signal != 0);
    CHECK_FALSE(end.timed_out);
    const auto child = to_integer(trim(read_file(scratch / "child", "number")));
    REQUIRE(child);
    CHECK(is_gone_soon(*child));
  }
}

TEST_CASE("every executor refuses a program that is not there") {
  for (const auto& [name, executor] : executors_shelf()) {
    INFO(name);
    if (executor->start == nullptr) continue;
    const Scratch scratch;
    CHECK_THROWS_AS(executor->start({{"/no/such/program"}, {}, scratch / "log", {}}, {}), Error);
  }
}

TEST_CASE(
    "a plan that names an executor is another plan, and an unknown one is refused before anything runs") {
  FakeWorker fake(good_script);
  const std::string id = plan_id(fake.plan);
  CHECK_THAT(to_toml(fake.plan), !Contains("placement"));
  fake.plan.placement.executor = "nowhere";
  CHECK(plan_id(fake.plan) != id);
  CHECK(plan_from_toml(to_toml(fake.plan), "plan").placement == fake.plan.placement);
  CHECK_THROWS_WITH(fake.run_once(), Contains("no executor named 'nowhere'"));
  CHECK_FALSE(std::filesystem::exists(fake.scratch / "runs"));
}

TEST_CASE("a plan for another torch than the worker's is untested, with both versions") {
  FakeWorker fake(good_script);
  fake.plan.placement.torch = "1.13.1";
  const RunResult result = fake.run_once();
  CHECK(result.outcome.ending == Ending::skipped);
  CHECK_THAT(result.outcome.reason, Contains("the plan wants torch 1.13.1, found none"));
}
