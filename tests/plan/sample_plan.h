// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small plan that is right in every part, for tests to spoil.
#include "harness/plan/plan.h"

namespace reprise {

inline Plan sample_plan() {
  Plan plan;
  plan.recipe = "waves";
  plan.program = "waves";
  plan.parameters = {
      {"model", std::string("mlp")}, {"lr", 0.01}, {"width", std::int64_t{64}}, {"bias", true}};
  plan.data = {{"train", "waves/train.npy", std::string(64, 'a'), "https://example.org/train.npy"}};
  plan.steps = 200;
  plan.batch = 50;
  plan.samples = 4000;
  plan.evaluate_every = 100;
  plan.metric = Metric{"test_accuracy", "%", true, 0.5};
  plan.pins = default_pins();
  plan.watch.checkpoint_every = 50;
  plan.watch.keep = Keep::all;
  return plan;
}

// One with nothing but what no plan can be without, and these pins.
inline Plan bare_plan(const std::string& recipe, const Pins& pins) {
  Plan plan;
  plan.recipe = plan.program = recipe;
  plan.steps = 10;
  plan.batch = plan.samples = 4;
  plan.pins = default_pins();
  for (const auto& [name, value] : pins) plan.pins[name] = value;
  return plan;
}

}  // namespace reprise
