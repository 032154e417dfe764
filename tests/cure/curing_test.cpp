// SPDX-License-Identifier: Apache-2.0
// The whole search with a pretended worker, whose bits move with threads unless planted pins hold them.
#include "harness/search/cure/curing.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/search/cure/candidates.h"
#include "harness/search/cure/cure_runs.h"
#include "plan/small_recipe.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

struct World {
  Scratch scratch;
  LaunchOptions options;
  CureOrder order;
  std::vector<std::string> notes;

  explicit World(const std::string& rules, std::int64_t steps = 60) {
    write_atomically(scratch / "rules", rules);
    write_atomically(scratch / "worker", "#!/bin/sh\nexec '" REPRISE_CURE_WORKER "' \"$1\" \"$2\" '" +
                                             (scratch / "rules").string() + "'\n");
    std::filesystem::permissions(scratch / "worker", std::filesystem::perms::owner_all);
    options.runs = scratch / "runs";
    options.worker = scratch / "worker";
    options.progress = [this](const LaunchEvent& event) {
      if (event.told == LaunchTold::note && event.name == "cure") notes.push_back(event.text);
    };
    Plan plan = small_recipe(scratch).defaults;
    plan.steps = steps;
    plan.data.clear();
    order.axis = "threads";
    for (const std::string threads : {"1", "2"}) {
      plan.pins["threads"] = threads;
      order.sides.push_back({"threads=" + threads, plan, 1});
    }
  }
  Cure found() { return cure(order, options); }
};

const CureTry* tried(const Cure& cure, const std::string& set) {
  for (const auto& one : cure.tries)
    if (to_text(one.pins) == set) return &one;
  return nullptr;
}

}  // namespace

TEST_CASE("a pin that holds is found, confirmed over the whole run, and priced by the time of a step") {
  World world("holds onednn=off\nslow 1.5 onednn=off\n");
  const Cure found = world.found();
  INFO(found.sentence);
  REQUIRE(found.answer == CureAnswer::found);
  REQUIRE(found.front.size() == 1);
  const CureTry& best = found.tries[found.front[0]];
  CHECK(to_text(best.pins) == "onednn=off");
  CHECK(best.whole->step == 60);
  CHECK(best.ratio() == Approx(1.5));
  CHECK(found.first->step == 2);
  CHECK(found.few_steps == 20);
  CHECK(found.last_step == 60);
  CHECK(exit_code_of(found) == 0);
  REQUIRE(world.notes.size() >= 2);
  CHECK_THAT(world.notes[1], Contains("try 2 of about"));
}

TEST_CASE("the same search again finds every run there and makes none") {
  World world("holds onednn=off\n");
  const Cure first = world.found(), again = world.found();
  CHECK(first.runs_made > 0);
  CHECK(again.runs_made == 0);
  CHECK(again.sentence == first.sentence);
}

TEST_CASE("a cheap pair and a dear single pin are both on the front") {
  World world("holds onednn=off\nslow 3 onednn=off\nholds nnpack=off sdp-flash=off\n");
  const Cure found = world.found();
  REQUIRE(found.front.size() == 2);
  CHECK(to_text(found.tries[found.front[0]].pins) == "onednn=off");
  CHECK(to_text(found.tries[found.front[1]].pins) == "nnpack=off sdp-flash=off");
}

TEST_CASE("what holds for a few steps and parts later is never called a cure") {
  World world("until 40 nnpack=off\n");
  const Cure found = world.found();
  INFO(found.sentence);
  CHECK(found.answer == CureAnswer::own_axis);
  REQUIRE(tried(found, "nnpack=off"));
  CHECK(tried(found, "nnpack=off")->state() == CureState::parts_later);
  CHECK(found.few_steps == 50);
  CHECK_THAT(found.sentence, Contains("None of these") && Contains("pin the axis itself: threads="));
  CHECK(exit_code_of(found) == 1);
}

TEST_CASE("an axis that does not move the bits is nothing to cure, said after the whole run") {
  World world("holds threads=2\n");
  const Cure found = world.found();
  CHECK(found.answer == CureAnswer::not_moved);
  CHECK_THAT(found.sentence, Contains("up to step 60"));
  CHECK(found.tries.empty());
  CHECK(exit_code_of(found) == 0);
}

TEST_CASE("an axis that moves the bits late is cured beyond that step") {
  World world("until 45 threads=2\nholds onednn=off\n");
  const Cure found = world.found();
  CHECK(found.answer == CureAnswer::found);
  CHECK(found.first->step == 45);
  CHECK(found.few_steps == 55);
}

TEST_CASE(
    "a recipe whose runs fail is untested with the reason, and a pin with which they fail is left out") {
  World failing("fails threads=2\n");
  const Cure none = failing.found();
  CHECK(none.answer == CureAnswer::untested);
  CHECK_THAT(none.sentence, Contains("threads=2 was not done"));
  CHECK(exit_code_of(none) == 2);
  World world("fails sdp-flash=off\nholds nnpack=off onednn=off\n");
  const Cure found = world.found();
  CHECK(found.answer == CureAnswer::found);
  REQUIRE(tried(found, "sdp-flash=off"));
  CHECK(tried(found, "sdp-flash=off")->state() == CureState::not_run);
}

TEST_CASE("sides that differ in what nothing reads are untested before anything runs") {
  World world("");
  for (std::size_t side = 0; side < 2; ++side) {
    world.order.sides[side].plan.pins["threads"] = "1";
    world.order.sides[side].plan.pins["tf32-cudnn"] = side == 0 ? "off" : "on";
  }
  const Cure found = world.found();
  CHECK(found.answer == CureAnswer::untested);
  CHECK_THAT(found.sentence, Contains("nothing reads tf32-cudnn"));
  CHECK(found.runs_made == 0);
}

TEST_CASE("candidates leave out what the axis varies, what runs have already and what nothing reads") {
  World world("");
  const std::vector<Plan> plans{world.order.sides[0].plan, world.order.sides[1].plan};
  CHECK(varied_pins(plans) == std::vector<std::string>{"threads"});
  const auto candidates = cure_candidates(plans);
  CHECK(std::ranges::find(candidates, PinSetting{"onednn", "off"}) != candidates.end());
  for (const auto& [pin, value] : candidates) {
    INFO(pin << "=" << value);
    CHECK(pin != "threads");
    CHECK_FALSE(pin.starts_with("cudnn"));
    CHECK(plans[0].pins.at(pin) != value);
    CHECK_NOTHROW(check_pin(pick_pin(pin), value));
  }
  CHECK(own_axis_sets(plans) == std::vector<PinSet>{{{"threads", "1"}}, {{"threads", "2"}}});
}

TEST_CASE("where a set makes the sides one plan, each of its runs is a repeat of its own") {
  World world("");
  CureRuns runs(world.order.sides, 2, world.options);
  const auto made = runs.runs_of({{"threads", "1"}}, 20);
  CHECK(plan_id(made[0].plan) == plan_id(made[1].plan));
  CHECK(made[0].repeat == 1);
  CHECK(made[1].repeat == 2);
  CHECK(runs.whole({{"threads", "1"}}).equal());
  CHECK(runs.made() == 3);
}
