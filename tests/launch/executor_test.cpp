// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/executor.h"

#include "launch/fake_worker.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("every executor runs a process to its end and says how it ended") {
  REQUIRE_FALSE(executors_shelf().empty());
  for (const auto& [name, executor] : executors_shelf()) {
    const Scratch scratch;
    INFO(name);
    const auto run = executor->start({{"/bin/sh", "-c", "echo here; exit 5"}, {}, scratch / "log.txt", {}},
                                     std::chrono::seconds(0));
    std::optional<ProcessEnd> end;
    while (!(end = run->poll())) {
    }
    CHECK(end->exit_code == 5);
    CHECK(run->poll()->exit_code == 5);
    CHECK(read_file(scratch / "log.txt", "log") == "here\n");
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
