// SPDX-License-Identifier: Apache-2.0
// Every native recipe on another device than the CPU, with real numbers: a device that is a pretence, whose
// operators are the CPU's (pretended_device.h). So the bits must be those of a run on the CPU, wherever
// LibTorch takes the same operators for both.
#include <ATen/Context.h>
#include <ATen/ops/index_select.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "harness/base/text.h"
#include "harness/record/fault_injection.h"
#include "harness/record/training/stored_tensors.h"
#include "pretended_device.h"
#include "recipe_setups.h"
#include "recipes/models/gpt.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::unique_ptr<Training> begun(const FixedSetup& setup) {
  return pick(programs_shelf(), setup.plan_.program, "program").begin(setup);
}

// The optimizer's step counts and learning rate are numbers of the host.
bool of_the_host(const std::string& name) { return name == "rate" || name.ends_with("/step"); }

std::vector<std::string> not_on_the_device(const State& state) {
  std::vector<std::string> names;
  for (const auto* stage : {&state.batch, &state.gradients, &state.weights, &state.optimizer})
    for (const auto& one : *stage)
      if (!of_the_host(one.name) && one.tensor.device() != pretended_device) names.push_back(one.name);
  return names;
}

// Tensors of two states that differ in a bit, by name.
std::vector<std::string> differing(const State& a, const State& b) {
  std::vector<std::string> names;
  REQUIRE(a.weights.size() == b.weights.size());
  REQUIRE(a.optimizer.size() == b.optimizer.size());
  for (std::size_t i = 0; i < a.weights.size(); ++i)
    if (!a.weights[i].tensor.to(at::kCPU).equal(b.weights[i].tensor.to(at::kCPU)))
      names.push_back(a.weights[i].name);
  for (std::size_t i = 0; i < a.optimizer.size(); ++i)
    if (!a.optimizer[i].tensor.to(at::kCPU).equal(b.optimizer[i].tensor.to(at::kCPU)))
      names.push_back(a.optimizer[i].name);
  return names;
}

// Biases and loads of experts, clipped logits, samples, the reference policy, averages; and what is frozen.
bool has_no_gradient(const std::string& name) {
  for (const char* part : {".moe.bias", ".moe.load", ".largest_logit", ".gamma"})
    if (name.ends_with(part)) return true;
  for (const char* part : {"rollout.", "reference.", "ema.", "latent_scale", "autoencoder.", "tokenizer."})
    if (name.starts_with(part)) return true;
  return false;
}

FixedSetup on_the_device(FixedSetup setup) {
  setup.device_ = pretended_device;
  return setup;
}

// Gradients of two states that are further apart than rounding, by name.
std::vector<std::string> far_apart(const State& a, const State& b) {
  std::vector<std::string> names;
  REQUIRE(a.gradients.size() == b.gradients.size());
  for (std::size_t i = 0; i < a.gradients.size(); ++i)
    if (!a.gradients[i].tensor.allclose(b.gradients[i].tensor.to(at::kCPU), 1e-3, 1e-6))
      names.push_back(a.gradients[i].name);
  return names;
}

// LibTorch composes attention of other operators where the device is not its own.
struct Case {
  const char *program, *model;
  bool same_operators;
};
constexpr Case cases[] = {
    {"waves", "linear", true},   {"waves", "mlp", true},        {"waves", "cnn", true},
    {"mnist1d", "cnn", true},    {"lenet", "", true},           {"chargpt", "", false},
    {"gpt2", "", false},         {"decoder", "grouped", false}, {"decoder", "latent", false},
    {"muon-decoder", "", false}, {"reasoner", "", false},       {"diffusion", "", false},
    {"janus", "", false},        {"janusflow", "", false}};
// Those that are for the CPU alone say so (repdl_lenet_test.cpp).
constexpr std::string_view for_the_cpu[] = {"repdl-lenet"};

}  // namespace

TEST_CASE("every native recipe is among those that are tried on a device") {
  for (const auto& [name, program] : programs_shelf()) {
    bool tried = std::ranges::find(for_the_cpu, name) != std::end(for_the_cpu);
    for (const auto& one : cases) tried = tried || name == one.program;
    INFO(name);
    REQUIRE(tried);
  }
}

TEST_CASE("on a device all state lies there, no operator mixes devices, and the numbers are the CPU's") {
  for (const auto& one : cases) {
    INFO(one.program << " " << one.model);
    const FixedSetup here = setup_for(one.program, one.model), there = on_the_device(here);
    const std::int64_t before = pretended_calls();
    const auto on_cpu = begun(here), on_device = begun(there);
    REQUIRE(not_on_the_device(on_device->state()).empty());
    for (int step = 1; step <= 3; ++step) {
      on_cpu->step(step);
      REQUIRE(on_device->step(step).loss.device() == pretended_device);
      const State state = on_device->state();
      REQUIRE(state.batch.size() >= 2);
      const auto buffers = std::count_if(state.weights.begin(), state.weights.end(),
                                         [](const auto& kept) { return has_no_gradient(kept.name); });
      REQUIRE(state.gradients.size() + buffers == state.weights.size());
      const auto astray = not_on_the_device(state);
      INFO((astray.empty() ? "" : astray.front()));
      REQUIRE(astray.empty());
      if (!one.same_operators && step > 1) continue;
      const auto apart =
          one.same_operators ? differing(on_cpu->state(), state) : far_apart(on_cpu->state(), state);
      INFO(join(apart, " "));
      REQUIRE(apart.empty());
    }
    REQUIRE(pretended_calls() > before + 50);
    // The last step has metrics.
    const auto there_found = on_device->step(100).metrics, here_found = on_cpu->step(100).metrics;
    REQUIRE(there_found.size() == here_found.size());
    REQUIRE_FALSE(there_found.empty());
    if (one.same_operators) REQUIRE(there_found == here_found);
  }
}

TEST_CASE("a GRU comes as far as the cell that LibTorch has for GPUs alone, with all tensors on the device") {
  const FixedSetup setup = on_the_device(setup_for("waves", "gru"));
  const auto training = begun(setup);
  REQUIRE(training->state().weights.size() == 10);
  REQUIRE(not_on_the_device(training->state()).empty());
  CHECK_THAT(error_of([&] { training->step(1); }),
             Contains("aten::_thnn_fused_gru_cell") && !Contains(refusal_of_two_devices));
}

TEST_CASE("the pretended device refuses an operator with tensors of two devices") {
  const at::Tensor x = at::arange(6, at::kFloat).to(pretended_device);
  CHECK_THAT(error_of([&] { x.index_select(0, at::arange(2, at::kLong)); }),
             Contains(refusal_of_two_devices + "aten::index_select"));
  REQUIRE(x.index_select(0, at::arange(2, at::kLong).to(pretended_device)).sum().item().toDouble() == 1);
}

TEST_CASE("a checkpoint of a device is a checkpoint of the CPU, and a training goes on from it on either") {
  const Scratch folder;
  const FixedSetup here = setup_for("waves"), there = on_the_device(here);
  const auto uncut = begun(here);
  for (int step = 1; step <= 4; ++step) uncut->step(step);
  const auto first = begun(there);
  for (int step = 1; step <= 2; ++step) first->step(step);
  write_state(folder / "state.safetensors", first->state(), there.plan_, 2);
  const StoredState stored = read_state(folder / "state.safetensors", there.plan_, 2);
  REQUIRE(stored.state.weights.front().tensor.is_cpu());
  REQUIRE_FALSE(stored.device_generator.defined());
  for (const auto* setup : {&here, &there}) {
    const auto resumed = begun(*setup);
    resumed->restore(2, stored.state);
    for (int step = 3; step <= 4; ++step) resumed->step(step);
    REQUIRE(differing(uncut->state(), resumed->state()).empty());
    REQUIRE(not_on_the_device(resumed->state()).empty() == (setup == &there));
  }
}

TEST_CASE("a bit is flipped on a device as on the CPU: the lowest of the first element, and no other") {
  for (const auto device : {at::Device(at::kCPU), pretended_device}) {
    const at::Tensor x = at::arange(1, 7, at::kFloat).view({2, 3}).to(device).set_requires_grad(true);
    inject(pick(faults_shelf(), "flip-bit", "fault"),
           State{.batch = {}, .gradients = {}, .weights = {{"x", x}}, .optimizer = {}});
    const at::Tensor after = x.detach().to(at::kCPU).flatten();
    REQUIRE(after[0].item<float>() == std::nextafter(1.0F, 2.0F));
    REQUIRE(after.narrow(0, 1, 5).equal(at::arange(2, 7, at::kFloat)));
  }
}

TEST_CASE("LibTorch draws the weights where the pin says so: other numbers, the same again from one seed") {
  const auto first_weight = [](const char* rng, std::uint64_t seed) {
    FixedSetup setup;
    setup.plan_.pins["rng"] = rng;
    auto generator = at::globalContext().defaultGenerator(at::kCPU);
    generator.set_current_seed(seed);
    Parameters made(setup);
    made.normal("n", {64}, 0.5);
    return made.uniform("u", {64}, 0.5).detach();
  };
  REQUIRE(first_weight("harness", 1).equal(first_weight("harness", 2)));
  REQUIRE(first_weight("device", 1).equal(first_weight("device", 1)));
  REQUIRE_FALSE(first_weight("device", 1).equal(first_weight("device", 2)));
  REQUIRE_FALSE(first_weight("device", 1).equal(first_weight("harness", 1)));
  REQUIRE(first_weight("device", 1).abs().max().item().toDouble() <= 0.5);
}

TEST_CASE("at GPT-2's sizes the model has GPT-2's number of parameters") {
  FixedSetup setup;
  setup.plan_.pins["rng"] = "device";
  setup.device_ = at::kMeta;  // shapes without numbers
  Parameters made(setup);
  make_gpt(made,
           {.vocabulary = 50257, .block = 1024, .layers = 12, .heads = 12, .width = 768, .biases = true});
  std::int64_t count = 0;
  for (const auto& one : made.all()) count += one.tensor.numel();
  REQUIRE(count == 124439808);
}

TEST_CASE("gpt2 at small sizes learns on the CPU, in float32 and in bfloat16") {
  for (const char* precision : {"float32", "bfloat16"}) {
    INFO(precision);
    FixedSetup setup = setup_for("gpt2");
    setup.plan_.pins["precision"] = precision;
    const auto training = begun(setup);
    double first = 0, last = 0;
    for (int step = 1; step <= 60; ++step) {
      last = training->step(step).loss.to(at::kDouble).item().toDouble();
      if (step == 1) first = last;
    }
    // The untrained guess is one of 32 tokens.
    REQUIRE(std::abs(first - std::log(32.0)) < 0.3);
    REQUIRE(last < first - 1);
    REQUIRE(training->state().weights.front().tensor.scalar_type() == setup.dtype());
  }
}

TEST_CASE(
    "dropout leaves values out in training alone, drawn by LibTorch, and is refused where the harness "
    "draws") {
  FixedSetup setup = setup_for("chargpt");
  setup.plan_.parameters["dropout"] = 0.5;
  CHECK_THAT(error_of([&] { begun(setup); }), Contains("found the pin rng=harness"));
  setup.plan_.pins["rng"] = "device";
  setup.plan_.parameters["dropout"] = 1.0;
  CHECK_THAT(error_of([&] { begun(setup); }), Contains("at least 0 and below 1"));
  const auto first_loss = [&](double share) {
    setup.plan_.parameters["dropout"] = share;
    auto generator = at::globalContext().defaultGenerator(at::kCPU);
    generator.set_current_seed(1);
    const auto training = begun(setup);
    generator.set_current_seed(2);
    return training->step(1).loss.item().toDouble();
  };
  REQUIRE(first_loss(0.5) == first_loss(0.5));
  REQUIRE(first_loss(0.5) != first_loss(0));
}

TEST_CASE("the points of an MNIST-1D signal are shuffled where the recipe says so, and only then") {
  const auto first_loss = [](const std::string& points) {
    FixedSetup setup = setup_for("mnist1d", "mlp");
    if (!points.empty()) setup.plan_.parameters["points"] = points;
    return begun(setup)->step(1).loss.item().toDouble();
  };
  REQUIRE(first_loss("in-order") == first_loss(""));
  REQUIRE(first_loss("shuffled") != first_loss(""));
  CHECK_THAT(error_of([&] { first_loss("random"); }), Contains("found 'random'"));
}
