// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/checking.h"

#include <catch2/catch.hpp>

#include "harness/judge/baseline/environment.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Baseline gave(const SmallTrace& made) {
  const Scratch folder;
  write_small_trace(folder / "trace.h5", made);
  Baseline baseline = baseline_of(read_run(folder / "trace.h5"), "runs/one");
  baseline.hardware = {{"cpu.model", "a"}};
  baseline.software = {{"libtorch.version", "2.10.0"}};
  return baseline;
}

BaselineProcess named(BaselineProcess process, const std::string& name) {
  process.name = name;
  return process;
}

}  // namespace

TEST_CASE("an equal run matches its baseline, whatever else changed") {
  const Baseline before = gave({});
  Baseline now = before;
  now.software["libtorch.version"] = "2.11.0";
  now.run = "elsewhere";
  const auto check = check_baseline(now, {before});
  CHECK(check.held == Held::match);
  CHECK(check.sentence == "every step is equal, of 1 process");
  CHECK(check.changed.empty());
}

TEST_CASE("a run that leaves its baseline does so at a step and a stage, with what changed since") {
  Baseline now = gave({.parts_at = 4});
  now.software["libtorch.version"] = "2.11.0";
  const auto check = check_baseline(now, {gave({})});
  CHECK(check.held == Held::mismatch);
  REQUIRE(check.left);
  CHECK(check.left->equal_to == 3);
  CHECK(check.left->differs_at == 4);
  CHECK(check.left->stage == "gradients");
  CHECK(check.sentence == "equal up to step 3; step 4 differs first in gradients");
  CHECK(check.changed == std::vector<std::string>{"libtorch.version: 2.10.0, now 2.11.0"});
  CHECK(check_baseline(gave({.order_seed = 1}), {gave({})}).left->stage == "batch");
}

TEST_CASE("a step that the file does not show parts a run all the same, and lengths and data do") {
  const Baseline before = gave({});
  Baseline hidden = gave({.parts_at = 4});
  hidden.processes[0].steps = before.processes[0].steps;  // nothing of it is to be seen
  const auto unseen = check_baseline(hidden, {before});
  CHECK(unseen.held == Held::mismatch);
  CHECK(unseen.left->stage == "state");
  Baseline thinned = gave({.parts_at = 4});
  std::erase_if(thinned.processes[0].steps, [](const auto& row) { return row.step == 4 || row.step == 5; });
  const auto between = check_baseline(thinned, {before});
  CHECK(between.sentence ==
        "equal at step 3, apart at step 6 (gradients); the steps between are not in the file");
  Baseline longer = before;
  longer.processes[0].last_step = 7;
  longer.processes[0].chain = std::string(32, 'b');
  CHECK(check_against(longer, before).sentence == "the baseline has 6 steps, the run 7");
  Baseline other = before;
  other.processes[0].data = std::string(32, 'c');
  CHECK(check_against(other, before).sentence == "the training data differs");
  Baseline left = before;
  left.artifacts = std::string(32, 'd');
  CHECK(check_against(left, before).sentence == "every step is equal, but not what the run left");
}

TEST_CASE("another kind of machine or another plan is no mismatch: the nearest is told") {
  const Baseline before = gave({});
  Baseline elsewhere = gave({.parts_at = 2});
  elsewhere.hardware["cpu.model"] = "b";
  const auto check = check_baseline(elsewhere, {before});
  CHECK(check.held == Held::no_baseline);
  CHECK_FALSE(check.left);
  CHECK(check.sentence == "no baseline of this plan for b; the nearest is of a, and its bits are others");
  CHECK(check.nearest == std::vector<std::string>{"cpu.model: a, now b"});
  Baseline pinned = before;
  pinned.plan_id = std::string(32, '1');
  pinned.pins["threads"] = "2";
  const auto other = check_baseline(pinned, {before});
  CHECK(other.held == Held::no_baseline);
  CHECK(other.nearest == std::vector<std::string>{"pin threads: 1, now 2"});
  CHECK_THAT(other.sentence, Contains("and its bits are the same"));
  CHECK(check_baseline(gave({.recipe = "another"}), {before}).sentence == "no baseline of another is there");
  Baseline edited = before;
  edited.recipe_id = std::string(32, 'e');
  edited.plan_id = std::string(32, 'f');
  const BaselineCheck changed = check_baseline(edited, {before});
  CHECK(changed.held == Held::no_baseline);
  CHECK_THAT(changed.sentence, Contains("as it is now is there: its sources, words or parameters changed"));
  CHECK(check_baseline(before, {}).held == Held::no_baseline);
  // Held against it all the same, where somebody asks for that: the plan is told as what changed.
  CHECK(check_against(pinned, before).sentence == "every step is equal, of 1 process, of another plan");
  Baseline parted = gave({.parts_at = 2});
  parted.plan_id = pinned.plan_id;
  REQUIRE(check_against(parted, before).changed.size() == 1);
  CHECK_THAT(check_against(parted, before).changed[0], Contains("the plan, which is another"));
}

TEST_CASE("every process of a run is held against its own, and one that is missing parts them") {
  Baseline before = gave({});
  before.processes = {named(before.processes[0], "rank 0"),
                      named(gave({.order_seed = 2}).processes[0], "rank 1")};
  Baseline now = before;
  CHECK(check_against(now, before).sentence == "every step is equal, of 2 processes");
  std::swap(now.processes[0].chain, now.processes[1].chain);
  CHECK(check_against(now, before).held == Held::mismatch);
  now = before;
  now.processes[1] = named(gave({.parts_at = 5, .order_seed = 2}).processes[0], "rank 1");
  CHECK(check_against(now, before).sentence ==
        "rank 1: equal up to step 4; step 5 differs first in gradients");
  now = before;
  now.processes.pop_back();
  CHECK(check_against(now, before).sentence == "rank 1 trains on one side alone");
  CHECK(check_against(before, now).sentence == "rank 1 trains on one side alone");
}

TEST_CASE("processes that only their content tells apart are matched by it") {
  Baseline before = gave({});
  const auto a = before.processes[0], b = gave({.order_seed = 2}).processes[0],
             c = gave({.order_seed = 3}).processes[0];
  before.processes = {named(a, "process 1"), named(b, "process 2")};
  Baseline now = before;
  now.processes = {named(c, "process 1"), named(a, "process 2")};  // a is there still, under another number
  const auto check = check_against(now, before);
  CHECK(check.held == Held::mismatch);
  CHECK(check.left->process == "process 1");  // c, not the equal one
  // Where they started in another run as its ranks, they are still the same two.
  Baseline ranked = before;
  ranked.processes = {named(b, "rank 0"), named(a, "rank 1")};
  CHECK(check_against(ranked, before).held == Held::match);
  ranked.processes[1].chain = std::string(32, '9');
  CHECK(check_against(ranked, before).held == Held::mismatch);
  CHECK(check.left->stage == "batch");
}

TEST_CASE("kinds of machines that agree are told, plan by plan") {
  Baseline one = gave({}), other = one, third = gave({.parts_at = 3});
  other.hardware["cpu.model"] = "b";
  third.hardware["cpu.model"] = "c";
  CHECK(equal_environments({one, third, other}) == std::vector<std::vector<std::size_t>>{{0, 2}});
  CHECK(equal_environments({one, third}).empty());
  Baseline unlike = one;
  unlike.plan_id = std::string(32, '5');
  CHECK(pairs_of_one_plan({one, unlike, third}) == std::vector<std::pair<std::size_t, std::size_t>>{{0, 2}});
  CHECK(pairs_of_one_plan({one}).empty());
}
