// SPDX-License-Identifier: Apache-2.0
// The reasoning systems' recipes as their TOML says them, at tiny size: each begins, learns, repeats itself
// and goes on from a checkpoint to the same bits.
#include "recipes/reasoning/reasoner.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <catch2/catch.hpp>

#include "fixed_setup.h"
#include "harness/plan/recipe.h"
#include "training_states.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

constexpr std::int64_t cold = 60, steps = 70;

class Tiny : public FixedSetup {
 public:
  explicit Tiny(const std::string& recipe) {
    at::set_num_threads(1);
    plan_ = read_recipe(shipped_recipes() / (recipe + ".toml")).defaults;
    plan_.steps = steps;
    plan_.evaluate_every = 1;
    plan_.batch = 8;
    plan_.parameters["cold_steps"] = cold;
    for (const auto& [name, value] : std::map<std::string, std::int64_t>{{"largest", 4},
                                                                         {"layers", 1},
                                                                         {"heads", 2},
                                                                         {"width", 32},
                                                                         {"group", 4},
                                                                         {"inner", 3},
                                                                         {"eval_tasks", 4},
                                                                         {"student_layers", 1},
                                                                         {"student_width", 16},
                                                                         {"pool", 10},
                                                                         {"reference_every", 4}})
      if (plan_.parameters.contains(name)) plan_.parameters[name] = value;
    plan_.parameters["lr"] = 0.01;
  }
  at::Tensor batch(std::int64_t i) const override {
    return (at::arange(8, at::kLong) * 5 + i * 3).remainder(40);
  }
  std::unique_ptr<Training> begin() const { return train_reasoner(*this); }
};

double train(Training& training, std::int64_t first, std::int64_t last) {
  double loss = 0;
  for (std::int64_t step = first; step <= last; ++step) loss = training.step(step).loss.item().toDouble();
  return loss;
}

const at::Tensor& weight_of(const State& state, const std::string& name) {
  for (const auto& one : state.weights)
    if (one.name == name) return one.tensor;
  fail("no {} in the state", name);
}

constexpr const char* systems[] = {"r1-zero-tiny", "open-r1-tiny", "k1.5-tiny", "distill-tiny"};

}  // namespace

TEST_CASE(
    "each reasoning recipe learns, repeats its bits, and goes on from any checkpoint to the same bits") {
  for (const char* system : systems) {
    INFO(system);
    const Tiny tiny(system);
    const auto one = tiny.begin(), other = tiny.begin();
    const double at_first = train(*one, 1, 1), before = train(*one, 2, cold);
    REQUIRE(before < at_first / 3);  // of the cold start, by token
    train(*one, cold + 1, 65);       // within a set of samples
    const State saved = copy_of(one->state());
    const double last = train(*one, 66, steps);
    REQUIRE(std::isfinite(last));
    const auto resumed = tiny.begin();
    resumed->restore(65, saved);
    REQUIRE(train(*resumed, 66, steps) == last);
    REQUIRE(same(one->state(), resumed->state()));
    train(*other, 1, 65);
    REQUIRE(same(other->state(), saved));
    REQUIRE(train(*other, 66, steps) == last);
    REQUIRE(same(one->state(), other->state()));
  }
}

TEST_CASE("the reference is replaced at its turn, and is the policy of that step to the bit") {
  const Tiny tiny("r1-zero-tiny");
  const auto training = tiny.begin();
  train(*training, 1, cold);
  const State begun = copy_of(training->state());
  REQUIRE(weight_of(begun, "reference.wte.weight").equal(weight_of(begun, "wte.weight")));
  train(*training, cold + 1, cold + 3);
  const State later = copy_of(training->state());
  REQUIRE(weight_of(later, "reference.wte.weight").equal(weight_of(begun, "wte.weight")));
  REQUIRE_FALSE(weight_of(later, "wte.weight").equal(weight_of(begun, "wte.weight")));
  train(*training, cold + 4, cold + 4);
  const State replaced = copy_of(training->state());
  REQUIRE(weight_of(replaced, "reference.wte.weight").equal(weight_of(replaced, "wte.weight")));
}

TEST_CASE("k1.5 begins its optimizer anew with each set of samples, and counts what was solved") {
  const Tiny tiny("k1.5-tiny");
  const auto training = tiny.begin();
  const auto made = [&] {
    for (const auto& one : training->state().optimizer)
      if (one.name == "wte.weight/step") return one.tensor.item().toLong();
    return std::int64_t{-1};
  };
  const auto rate = [&] { return training->state().optimizer.front().tensor.item().toDouble(); };
  train(*training, 1, cold);
  REQUIRE(made() == cold);
  for (std::int64_t step = cold + 1; step <= cold + 6; ++step) {
    train(*training, step, step);
    REQUIRE(made() == (step - cold - 1) % 3 + 1);
    REQUIRE(rate() == tiny.number("rl_lr"));
  }
  const State state = training->state();
  // Two sets of samples: 3 steps of 8 prompts with 4 completions each.
  REQUIRE(weight_of(state, "pool.trials").sum().item().toLong() == 2 * 3 * 8 * 4);
  REQUIRE(weight_of(state, "pool.successes").sum().item().toLong() <= 2 * 3 * 8 * 4);
}

TEST_CASE("a distilled student leaves its teacher as it was") {
  const Tiny tiny("distill-tiny");
  const auto training = tiny.begin();
  train(*training, 1, cold);
  const State before = copy_of(training->state());
  train(*training, cold + 1, steps);
  const State after = training->state();
  REQUIRE(weight_of(after, "wte.weight").equal(weight_of(before, "wte.weight")));
  REQUIRE_FALSE(weight_of(after, "student.wte.weight").equal(weight_of(before, "student.wte.weight")));
}

TEST_CASE("a group of one completion, an unknown objective and a pool beyond the tasks are refused") {
  const auto refusal = [](const char* recipe, const char* name, const Scalar& value) {
    Tiny tiny(recipe);
    tiny.plan_.parameters[name] = value;
    return error_of([&] { tiny.begin(); });
  };
  REQUIRE_THAT(refusal("r1-zero-tiny", "group", std::int64_t{1}), Contains("group of 2 or more"));
  REQUIRE_THAT(refusal("r1-zero-tiny", "objective", std::string("gpro")), Contains("grpo"));
  REQUIRE_THAT(refusal("k1.5-tiny", "pool", std::int64_t{1000}), Contains("wanted a pool of 1 to"));
  REQUIRE_THAT(refusal("r1-zero-tiny", "rewards", std::string("acuracy")), Contains("accuracy"));
}
