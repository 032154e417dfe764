// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/plan.h"

#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "plan/sample_plan.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;

namespace {

// Each changes one field; `trained` says whether it changes what is trained.
struct Change {
  const char* what;
  bool trained;
  std::function<void(Plan&)> make;
};

const std::vector<Change>& changes() {
  static const std::vector<Change> all = {
      {"recipe", true, [](Plan& p) { p.recipe = "other"; }},
      {"program", true, [](Plan& p) { p.program = "other"; }},
      {"steps", true, [](Plan& p) { p.steps = 201; }},
      {"batch", true, [](Plan& p) { p.batch = 51; }},
      {"samples", true, [](Plan& p) { p.samples = 4001; }},
      {"evaluate_every", true, [](Plan& p) { p.evaluate_every = 99; }},
      {"parameters.lr", true, [](Plan& p) { p.parameters["lr"] = 0.02; }},
      {"parameters.more", true, [](Plan& p) { p.parameters["more"] = false; }},
      {"data.train.sha256", true, [](Plan& p) { p.data[0].sha256[3] = 'b'; }},
      {"metric.margin", true, [](Plan& p) { p.metric->margin = 0.25; }},
      {"metric.better", true, [](Plan& p) { p.metric->higher_is_better = false; }},
      {"pin", false, [](Plan& p) { p.pins["threads"] = "2"; }},
      {"order file", false,
       [](Plan& p) {
         p.pins["batch-order"] = "file";
         p.order = OrderFile{std::string(64, 'c')};
       }},
      {"checkpoints", false, [](Plan& p) { p.watch.checkpoint_every = 51; }},
      {"keep", false, [](Plan& p) { p.watch.keep = Keep::last; }},
      {"values", false, [](Plan& p) { p.watch.values = {.first = 2, .last = 3}; }},
      {"moved weights", false, [](Plan& p) { p.watch.values = {.first = 1, .last = 0, .nudged = 2}; }},
  };
  return all;
}

}  // namespace

TEST_CASE("a plan's text gives the same plan back, and the same text again") {
  Plan plan = sample_plan();
  plan.parameters["odd name \"x\""] = std::string("line\nbreak \\ \"quote\" \x01 é");
  plan.parameters["tiny"] = 5e-324;
  plan.parameters["third"] = 1.0 / 3.0;
  plan.parameters["whole number"] = 3.0;
  plan.parameters["big"] = std::int64_t{-9223372036854775807};
  plan.pins["batch-order"] = "file";
  plan.order = OrderFile{std::string(64, '1')};
  plan.watch.values = {.first = 2, .last = 5, .nudged = 2};
  const std::string text = to_toml(plan);
  const Plan again = plan_from_toml(text, "plan.toml");
  CHECK(to_toml(again) == text);
  CHECK(again.parameters == plan.parameters);
  CHECK(again.pins == plan.pins);
  CHECK(again.data[0].source == plan.data[0].source);
  CHECK(again.metric->margin == 0.5);
  CHECK(again.order == plan.order);
  CHECK(again.watch.keep == Keep::all);
  CHECK(again.watch.values == plan.watch.values);
}

TEST_CASE("a plan without data and metric round-trips too") {
  Plan plan = sample_plan();
  plan.data.clear();
  plan.metric.reset();
  plan.parameters.clear();
  CHECK(to_toml(plan_from_toml(to_toml(plan), "plan.toml")) == to_toml(plan));
  CHECK_FALSE(plan_from_toml(to_toml(plan), "plan.toml").metric.has_value());
}

TEST_CASE("a plan's text begins so that a person and a program see what it is") {
  CHECK_THAT(to_toml(sample_plan()),
             StartsWith("# reprise plan\nrecipe = \"waves\"\nprogram = \"waves\"\nsteps = 200\n"));
}

TEST_CASE("each field moves the plan's name, and what is trained moves the recipe's") {
  const Plan plan = sample_plan();
  CHECK(plan_id(plan).size() == 32);
  CHECK(plan_id(plan) == plan_id(sample_plan()));
  CHECK(plan_id(plan) != recipe_id(plan));
  std::set<std::string> names{plan_id(plan)};
  for (const auto& change : changes()) {
    Plan changed = plan;
    change.make(changed);
    INFO(change.what);
    CHECK(names.insert(plan_id(changed)).second);
    CHECK((recipe_id(changed) != recipe_id(plan)) == change.trained);
    CHECK(recipe_difference(plan, changed).empty() == !change.trained);
  }
}

TEST_CASE("where data lies and comes from is not part of a plan's name") {
  Plan plan = sample_plan();
  plan.data[0].file = "elsewhere.npy";
  plan.data[0].source = "a friend";
  CHECK(plan_id(plan) == plan_id(sample_plan()));
  CHECK(recipe_id(plan) == recipe_id(sample_plan()));
}

TEST_CASE("the difference of two recipes names each field with both values") {
  Plan a = sample_plan(), b = a;
  CHECK(recipe_difference(a, b).empty());
  b.steps = 100;
  b.parameters["lr"] = 0.02;
  b.parameters.erase("width");
  CHECK_THAT(recipe_difference(a, b),
             Equals("parameters.lr: 0.01 and 0.02; parameters.width: 64 and none; steps: 200 and 100"));
  b = a;
  b.metric.reset();
  CHECK_THAT(recipe_difference(a, b), Contains("metric.name: test_accuracy and none"));
  b = a;
  b.data.push_back({"test", "t", std::string(64, 'b'), "s"});
  CHECK_THAT(recipe_difference(a, b), Contains("data: train and train test"));
}

TEST_CASE("a plan whose values make no sense together is refused with what to choose") {
  CHECK_NOTHROW(check_plan(sample_plan()));
  const auto refusal = [](const std::function<void(Plan&)>& spoil) -> std::string {
    Plan plan = sample_plan();
    spoil(plan);
    try {
      check_plan(plan);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK(refusal([](Plan& p) { p.steps = -5; }) == "wanted steps of at least 1, found -5");
  CHECK(refusal([](Plan& p) { p.steps = 0; }) == "wanted steps of at least 1, found 0");
  CHECK(refusal([](Plan& p) { p.batch = 0; }) == "wanted batch of at least 1, found 0");
  CHECK(refusal([](Plan& p) { p.evaluate_every = 0; }) == "wanted evaluate_every of at least 1, found 0");
  CHECK(refusal([](Plan& p) { p.watch.checkpoint_every = 0; }) ==
        "wanted checkpoint_every of at least 1, found 0");
  CHECK_THAT(refusal([](Plan& p) { p.watch.values = {.first = 0, .last = 1}; }),
             Contains("values of steps within 1 to"));
  CHECK_THAT(refusal([](Plan& p) { p.watch.values.nudged = -1; }), Contains("found -1"));
  CHECK(refusal([](Plan& p) { p.batch = 5000; }) ==
        "a batch of 5000 samples is larger than the training data (4000 samples); choose batch <= 4000");
  CHECK_THAT(refusal([](Plan& p) { p.data[0].sha256 = "abc"; }),
             Contains("64 hexadecimal digits for data file train"));
  CHECK_THAT(refusal([](Plan& p) { p.metric->margin = -1; }),
             Contains("margin of at least 0 for metric test_accuracy"));
  CHECK_THAT(refusal([](Plan& p) { p.metric->margin = std::stod("nan"); }), Contains("found nan"));
  CHECK_THAT(refusal([](Plan& p) { p.pins["threads"] = "0"; }), Contains("pin threads, found '0'"));
  CHECK_THAT(refusal([](Plan& p) { p.pins["thread"] = "1"; }), Contains("did you mean 'threads'?"));
  CHECK_THAT(refusal([](Plan& p) { p.pins.erase("isa"); }), Contains("says nothing about pin isa"));
  CHECK_THAT(refusal([](Plan& p) { p.pins["batch-order"] = "file"; }), Contains("batch-order=file:PATH"));
  CHECK_THAT(refusal([](Plan& p) { p.order = OrderFile{std::string(64, 'a')}; }),
             Contains("batch-order is \"seeded\""));
}

TEST_CASE("a plan's text with a wrong, missing or unknown key is refused with the line") {
  const std::string text = to_toml(sample_plan());
  const auto read = [&text](std::string_view from, std::string_view to) {
    return plan_from_toml(replace_all(text, from, to), "plan.toml");
  };
  CHECK_THROWS_WITH(read("steps = 200", "stepz = 200"), Contains("steps") && Contains("plan.toml"));
  CHECK_THROWS_WITH(read("steps = 200", "steps = 200\nstep = 1"),
                    Contains("plan.toml:5") && Contains("did you mean 'steps'?"));
  CHECK_THROWS_WITH(read("steps = 200", "steps = \"200\""), Contains("wanted a whole number, found a text"));
  CHECK_THROWS_WITH(read("steps = 200", "steps = 200\nsteps = 100"), Contains("plan.toml:5"));
  CHECK_THROWS_WITH(read("better = \"higher\"", "better = \"up\""),
                    Contains("wanted \"higher\" or \"lower\", found \"up\""));
  CHECK_THROWS_WITH(read("threads = \"1\"", "threads = 1"), Contains("write the value in quotes"));
  CHECK_THROWS_WITH(read("[watch]", "[watches]"), Contains("[watch]"));
}

TEST_CASE("a plan from before a pin means the value that its run had, and keeps its text and its name") {
  Plan then = sample_plan();
  then.pins.at("vector-math-warmup") = "off";
  const std::string text = to_toml(then);
  CHECK(text.find("vector-math-warmup") == std::string::npos);
  const Plan read = plan_from_toml(text, "plan.toml");
  CHECK(read.pins.at("vector-math-warmup") == "off");
  CHECK_NOTHROW(check_plan(read));
  CHECK(to_toml(read) == text);
  CHECK(plan_id(read) == plan_id(then));
  const Plan now = sample_plan();
  CHECK(plan_id(now) != plan_id(then));
  CHECK(plan_from_toml(to_toml(now), "plan.toml").pins.at("vector-math-warmup") == "on");
}
