// SPDX-License-Identifier: Apache-2.0
// The language-model systems' recipes as their TOML says them, at tiny size on a text of this test: each
// begins, learns, repeats itself and goes on from a checkpoint to the same bits.
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "fixed_setup.h"
#include "harness/plan/recipe.h"
#include "recipes/models/decoder.h"
#include "recipes/training/rate_schedule.h"
#include "recipes/training/weight_average.h"
#include "training_states.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

constexpr const char* phrase = "to be, or not to be: that is the question. ";

// A shipped recipe at tiny size, on other windows at each step.
class Tiny : public FixedSetup {
 public:
  explicit Tiny(const std::string& recipe, std::int64_t steps = 30) {
    at::set_num_threads(1);  // so small that threads only wait for each other
    plan_ = read_recipe(shipped_recipes() / (recipe + ".toml")).defaults;
    plan_.steps = plan_.evaluate_every = steps;
    plan_.batch = 4;
    for (const auto& [name, value] : std::map<std::string, std::int64_t>{{"block", 16},
                                                                         {"width", 32},
                                                                         {"layers", 2},
                                                                         {"ffn", 48},
                                                                         {"heads", 4},
                                                                         {"head_width", 8},
                                                                         {"rope_width", 4},
                                                                         {"linear_block", 6},
                                                                         {"softmax_every", 2},
                                                                         {"kv_latent", 8},
                                                                         {"q_latent", 12},
                                                                         {"expert_ffn", 16},
                                                                         {"eval_batches", 2}})
      if (plan_.parameters.contains(name)) plan_.parameters[name] = value;
    plan_.parameters["lr"] = 0.01;
    for (int i = 0; i < 20; ++i) files_["text"] += phrase;
  }
  at::Tensor batch(std::int64_t i) const override { return at::arange(4, at::kLong) * 31 + i * 7; }
  void show_data(const Tensors& data, std::int64_t) const override { shown_ = data; }
  std::unique_ptr<Training> begin() const {
    return pick(programs_shelf(), plan_.program, "program").begin(*this);
  }
  mutable Tensors shown_;
};

double train(Training& training, std::int64_t first, std::int64_t last) {
  StepResult result;
  for (std::int64_t step = first; step <= last; ++step) result = training.step(step);
  return result.metrics.empty() ? 0 : result.metrics.front().second;
}

constexpr const char* systems[] = {"llama-tiny",       "qwen-tiny",    "yi-tiny",     "openelm-tiny",
                                   "deepseek-v3-tiny", "minimax-tiny", "kimi-k2-tiny"};

}  // namespace

TEST_CASE("each system's recipe learns, repeats its bits, and goes on from a checkpoint to the same bits") {
  for (const char* system : systems) {
    INFO(system);
    const Tiny tiny(system);
    const auto one = tiny.begin(), other = tiny.begin(), resumed = tiny.begin();
    REQUIRE(tiny.shown_.size() == 4);  // the text's two parts, and the tables of positions
    train(*one, 1, 20);
    resumed->restore(20, copy_of(one->state()));
    const double loss = train(*one, 21, 30);
    // The text has 14 characters; knowing nothing costs log(14) = 2.6 nats.
    REQUIRE(loss < 2.2);
    REQUIRE(train(*other, 1, 30) == loss);
    REQUIRE(same(one->state(), other->state()));
    REQUIRE(train(*resumed, 21, 30) == loss);
    REQUIRE(same(one->state(), resumed->state()));
  }
}

TEST_CASE("yi-tiny is llama-tiny to the bit, and qwen-tiny is not") {
  const auto state_of = [](const char* system) {
    const auto training = Tiny(system, 3).begin();
    train(*training, 1, 3);
    return copy_of(training->state());
  };
  const Plan llama = Tiny("llama-tiny").plan(), yi = Tiny("yi-tiny").plan();
  REQUIRE((llama.parameters == yi.parameters));
  REQUIRE((read_recipe(shipped_recipes() / "llama-tiny.toml").defaults.parameters ==
           read_recipe(shipped_recipes() / "yi-tiny.toml").defaults.parameters));
  const State a = state_of("llama-tiny");
  REQUIRE(same(a, state_of("yi-tiny")));
  REQUIRE_FALSE(same(a, state_of("qwen-tiny")));
}

TEST_CASE("qwen-tiny has a bias of queries, keys and values, and no matrix for the head") {
  const auto names = [](const char* system) {
    std::string all;
    for (const auto& one : Tiny(system).begin()->state().weights) all += one.name + " ";
    return all;
  };
  CHECK_THAT(names("qwen-tiny"),
             Contains("layers.0.attn.q.bias") && !Contains("o.bias") && !Contains("head."));
  CHECK_THAT(names("llama-tiny"), !Contains("bias") && Contains("head.weight"));
}

TEST_CASE("openelm-tiny reports the loss of the averaged weights, and leaves the weights as they were") {
  Tiny tiny("openelm-tiny", 6);
  const auto training = tiny.begin();
  train(*training, 1, 5);
  const auto metrics = training->step(6).metrics;
  REQUIRE(metrics.size() == 2);
  REQUIRE(metrics[1].first == "averaged_loss");
  REQUIRE(metrics[0].second != metrics[1].second);
  tiny.plan_.parameters["average_last"] = std::int64_t{0};
  const auto plain = tiny.begin();
  REQUIRE(train(*plain, 1, 6) == metrics[0].second);
  for (const auto& one : plain->state().weights) {
    bool found = false;
    for (const auto& other : training->state().weights)
      found = found || (one.name == other.name && one.tensor.equal(other.tensor));
    INFO(one.name);
    REQUIRE(found);
  }
}

TEST_CASE("deepseek-v3-tiny keeps biases and loads of its experts with the weights, and they move") {
  const Tiny tiny("deepseek-v3-tiny", 4);
  const auto training = tiny.begin();
  train(*training, 1, 4);
  int biases = 0, loads = 0;
  for (const auto& one : training->state().weights) {
    if (one.name.ends_with(".moe.bias")) {
      ++biases;
      REQUIRE(one.tensor.abs().max().item().toDouble() > 0);
      REQUIRE(one.tensor.abs().max().item().toDouble() < 0.0041);
    }
    if (!one.name.ends_with(".moe.load")) continue;
    ++loads;
    // Two experts for each position; the second prediction has one position less in each window.
    REQUIRE(one.tensor.sum().item().toLong() == 2 * 4 * (one.name.starts_with("mtp") ? 15 : 16));
  }
  REQUIRE(biases == 2);
  REQUIRE(loads == 2);
}

TEST_CASE(
    "deepseek-v3-tiny weighs the second prediction less, and lets biases stay, from the published shares "
    "on") {
  // Of 10 steps biases move in 4, and the second prediction has its first weight in 7.
  Tiny tiny("deepseek-v3-tiny", 10);
  tiny.plan_.parameters["bias_until"] = 0.4;
  const auto training = tiny.begin();
  const auto biases = [&] {
    Tensors found;
    for (const auto& one : copies(training->state().weights))
      if (one.name.ends_with(".moe.bias")) found.push_back(one);
    return found;
  };
  train(*training, 1, 3);
  const Tensors before = biases();
  train(*training, 4, 4);
  const Tensors moved = biases();
  train(*training, 5, 7);
  const Tensors stayed = biases();
  REQUIRE(moved.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE_FALSE(moved[i].tensor.equal(before[i].tensor));
    REQUIRE(stayed[i].tensor.equal(moved[i].tensor));
  }
  // From one state, the loss of a step is linear in the weight: three trainings tell where it changes.
  const State saved = copy_of(training->state());
  const auto loss_at = [&](std::int64_t step, double first, double last) {
    tiny.plan_.parameters["next_but_one"] = first;
    tiny.plan_.parameters["next_but_one_last"] = last;
    const auto resumed = tiny.begin();
    resumed->restore(7, saved);
    return resumed->step(step).loss.item().toDouble();
  };
  for (const std::int64_t step : {7, 8}) {
    INFO(step);
    REQUIRE((loss_at(step, 0.3, 0.1) == loss_at(step, 0.3, 0.2)) == (step == 7));
    REQUIRE((loss_at(step, 0.3, 0.1) == loss_at(step, 0.4, 0.1)) == (step == 8));
  }
}

TEST_CASE("weights are averaged over the last snapshots, in double, and put back to the bit") {
  const at::NoGradGuard none;
  const at::Tensor weight = at::full({2}, 0.1, at::kFloat);
  WeightAverage average({{"w", weight}}, 10, 3, 2);
  double sum = 0;
  for (std::int64_t step = 1; step <= 10; ++step) {
    weight.mul_(1.1);
    REQUIRE(average.takes(step) == (step == 6 || step == 8 || step == 10));
    if (average.takes(step)) sum += weight[0].item().toDouble();
    average.take(step);
  }
  const at::Tensor before = weight.clone();
  {
    const WeightAverage::Swap swap(average);
    REQUIRE(weight[0].item().toFloat() == static_cast<float>(sum / 3));
  }
  REQUIRE(weight.equal(before));
  REQUIRE(average.sums().front().name == "average/w");
  REQUIRE_FALSE(WeightAverage({{"w", weight}}, 10, 0, 1).complete(10));
}

TEST_CASE("the rate rises, holds, falls by a cosine, and ends as the phases say") {
  const RateSchedule rate{.steps = 100,
                          .first = 0.1,
                          .peak = 1.1,
                          .floor = 0.3,
                          .last = 0.05,
                          .warmup = 0.09,
                          .held = 0.21,
                          .floor_held = 0.1,
                          .last_held = 0.1};
  REQUIRE(rate.rate(1) == Approx(0.2));
  REQUIRE(rate.rate(9) == Approx(1.0));
  REQUIRE(rate.rate(10) == 1.1);
  REQUIRE(rate.rate(30) == 1.1);
  REQUIRE(rate.rate(56) == Approx(0.7));  // half of the way from step 31 to step 81
  REQUIRE(rate.rate(81) == 0.3);
  REQUIRE(rate.rate(90) == 0.3);
  REQUIRE(rate.rate(91) == 0.05);
  REQUIRE(rate.rate(100) == 0.05);
}

TEST_CASE("choices that cannot be are one sentence before anything is trained") {
  const auto said = [](const std::string& parameter, const Scalar& value) {
    Tiny tiny("llama-tiny");
    tiny.plan_.parameters[parameter] = value;
    return error_of([&] { tiny.begin(); });
  };
  CHECK_THAT(said("kv_heads", std::int64_t{3}), Contains("kv_heads=3"));
  CHECK_THAT(said("head_width", std::int64_t{7}), Contains("even") && Contains("found 7"));
  CHECK_THAT(said("layers", std::int64_t{0}), Contains("layers of 1 or more, found 0"));
  CHECK_THAT(said("tied", 1.0), Contains("true or false") && Contains("tied"));
  CHECK_THAT(said("warmup", 1.5), Contains("shares") && Contains("1.5"));
  CHECK_THAT(said("eval_batches", std::int64_t{0}), Contains("eval_batches of 1 or more"));
  CHECK_THAT(said("mixer", "latemt"), Contains("did you mean 'latent'"));
  CHECK_THAT(said("mixer", "lightnin"), Contains("did you mean 'lightning'"));
  CHECK_THAT(said("z_loss", -1.0), Contains("z_loss of 0 or more"));
  Tiny shares("deepseek-v3-tiny");
  shares.plan_.parameters["bias_until"] = 1.5;
  CHECK_THAT(error_of([&] { shares.begin(); }), Contains("bias_until as a share of the steps"));
}
