// SPDX-License-Identifier: Apache-2.0
// From what was typed to the operators and functions that are probed.
#include "harness/terminal/probe/probe_making.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "harness/terminal/probe/probe_costs.h"
#include "harness/terminal/probe/probe_distances.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a Python file is a command whose words have the plan's parameters, and no worker is asked") {
  const Scratch folder;
  std::ofstream(folder / "my_op.py") << "def probe():\n    return None\n";
  ProbeChoices choices;
  choices.names = {(folder / "my_op.py").string()};
  choices.order = {.repeats = 7, .processes = 2, .pins = default_pins()};
  LaunchOptions how;
  how.worker = folder / "no-worker";
  const auto subjects = chosen_subjects(choices, how);
  REQUIRE(subjects.size() == 1);
  CHECK(subjects[0].name == "my_op");
  const Plan& plan = subjects[0].baseline;
  REQUIRE(plan.command.has_value());
  CHECK_NOTHROW(check_plan(plan));
  CHECK(plan.command->words.front() == "python3");
  CHECK(plan.parameters.at("calls") == Scalar(std::int64_t{7}));
  CHECK(plan.recipe == "probe-my_op");
  // Another content of the file is another plan: its runs are not taken for these.
  std::ofstream(folder / "my_op.py") << "def probe():\n    return 1\n";
  CHECK(plan_id(chosen_subjects(choices, how)[0].baseline) != plan_id(plan));
  choices.names = {"nowhere.py"};
  CHECK_THROWS_WITH(chosen_subjects(choices, how), Contains("found none at nowhere.py"));
}

TEST_CASE("where nothing differs and nothing was done, no run is made for a distance or a cost") {
  const Scratch folder;
  LaunchOptions how;
  how.runs = folder / "runs";
  how.worker = folder / "no-worker";
  const ProbeOrder order{.pins = default_pins()};
  std::vector<ProbeVerdict> verdicts = {{"sum", {{Cause::calls, ProbeFinding::untested, 0, "no worker"}}}};
  const std::vector<std::vector<ProbeRun>> asked = {
      runs_of(plan_of_probe("sum", order), order, {Cause::calls})};
  CHECK_NOTHROW(add_distances(asked, verdicts, how));
  CHECK_NOTHROW(add_costs(asked, verdicts, how));
  CHECK_FALSE(verdicts[0].cost.has_value());
  CHECK_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_CASE("a run that its baseline tells already is not made, and says why") {
  const ProbeOrder order{.pins = default_pins()};
  const ProbeSubject subject{"sum", plan_of_probe("sum", order), false};
  const auto runs = runs_of(subject.baseline, order, {Cause::isa, Cause::batch, Cause::default_mode});
  const auto told = [&](const std::string& side, const SeenCalls& baseline) {
    const auto run = std::ranges::find(runs, side, &ProbeRun::side);
    REQUIRE(run != runs.end());
    const auto outcome = told_without(subject, *run, baseline);
    return outcome ? outcome->reason : "";
  };
  SeenCalls done;
  done.outcome.ending = Ending::done;
  done.facts = {{"cpu.architecture", "x86_64"}, {"cpu.flags", "avx2 fma"}};
  CHECK_THAT(told("isa=avx2", done), Contains("isa=avx2 is the same setting here as isa=auto"));
  CHECK(told("isa=default", done).empty());
  CHECK_THAT(told("rows=one", done), Contains("has no rows of a batch"));
  CHECK(told("deterministic=off threads=2", done).empty());
  SeenCalls refused;
  refused.outcome = {Ending::skipped, "it needs a GPU", {}};
  CHECK(told("isa=default", refused) == "it needs a GPU");
  CHECK(told("deterministic=off threads=2", refused).empty());
}

TEST_CASE("where threads may race an operator is called five times as often") {
  const ProbeOrder order{.repeats = 4, .pins = default_pins()};
  const Plan operator_plan = plan_of_probe("sum", order);
  Plan function = operator_plan;
  function.parameters = {{"calls", std::int64_t{4}}};
  CHECK(runs_of(operator_plan, order, {Cause::default_mode}).back().plan.steps == 20);
  CHECK(runs_of(operator_plan, order, {Cause::threads}).back().plan.steps == 4);
  CHECK(runs_of(function, order, {Cause::default_mode}).back().plan.parameters.at("calls") ==
        Scalar(std::int64_t{20}));
}
