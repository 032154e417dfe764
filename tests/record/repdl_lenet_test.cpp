// SPDX-License-Identifier: Apache-2.0
// RepDL's LeNet-5 on made-up images: it repeats, resumes, leaves its digests. On MNIST, where that is at
// hand: the first steps of the original code (microsoft/RepDL @acd95bb with torch 2.11.0).
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <catch2/catch.hpp>
#include <set>

#include "fixed_setup.h"
#include "harness/base/sha256.h"
#include "harness/plan/recipe.h"
#include "harness/record/skip.h"
#include "harness/record/training/leavings.h"
#include "harness/record/training/run_setup.h"
#include "recipes/data/loader_order.h"
#include "recipes/data/mnist_data.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string idx(const std::vector<unsigned char>& shape, int turn) {
  std::string file("\0\0\x08", 3);
  std::size_t count = 1;
  file += static_cast<char>(shape.size());
  for (const auto extent : shape) {
    file += std::string(3, '\0') + static_cast<char>(extent);
    count *= extent;
  }
  for (std::size_t i = 0; i < count; ++i)
    file += static_cast<char>(i * i / 5 % static_cast<std::size_t>(turn));
  return file;
}

FixedSetup made_up() {
  FixedSetup setup;
  setup.plan_.program = "repdl-lenet";
  setup.plan_.samples = 20;
  setup.plan_.pins["rng"] = "device";
  setup.plan_.parameters = {{"lr", 0.01}};
  setup.files_ = {{"train-images", idx({20, 28, 28}, 251)},
                  {"train-labels", idx({20}, 10)},
                  {"test-images", idx({7, 28, 28}, 241)},
                  {"test-labels", idx({7}, 10)}};
  return setup;
}

std::unique_ptr<Training> begun(const Setup& setup) {
  return pick(programs_shelf(), "repdl-lenet", "program").begin(setup);
}

std::string sha256_of(const Tensors& tensors) {
  Leaving all{.name = "all", .tensors = {}};
  for (const auto& one : tensors) all.tensors.push_back(one.tensor);
  return artifacts_of({all})[0].sha256;
}

std::string start_of(const at::Tensor& tensor) { return sha256_of({{"one", tensor}}).substr(0, 16); }

std::string sha256_after(Training& training, int from, int to) {
  for (int step = from; step <= to; ++step) training.step(step);
  const State state = training.state();
  return sha256_of(state.weights) + sha256_of({state.optimizer.begin() + 1, state.optimizer.end()});
}

// MNIST's plan, or a test that is skipped.
Plan plan_on_mnist(const char* steps) {
  const Recipe recipe = read_recipe(REPRISE_SOURCE "/recipes/published/repdl-lenet.toml");
  return plan_of(recipe, {.set = {{"steps", steps}}, .pin = {}});
}

std::unique_ptr<Training> begun_on_mnist(const Setup& setup) {
  if (at::get_cpu_capability() == "DEFAULT")
    skip("the published initial weights are LibTorch's draws with AVX2 or AVX-512");
  try {
    return begun(setup);
  } catch (const Skip& why) {
    skip(why.what());
  }
}

}  // namespace

TEST_CASE("RepDL's LeNet repeats, on any number of threads, and goes on from a checkpoint") {
  const FixedSetup setup = made_up();
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const auto one = begun(setup), cut = begun(setup), resumed = begun(setup), two = begun(setup);
  const std::string whole = sha256_after(*one, 1, 6);
  sha256_after(*cut, 1, 3);
  State kept = cut->state();
  for (auto* stage : {&kept.weights, &kept.optimizer})
    for (auto& each : *stage) each.tensor = each.tensor.clone();
  resumed->restore(3, kept);
  REQUIRE(sha256_after(*resumed, 4, 6) == whole);
  at::set_num_threads(2);
  REQUIRE(sha256_after(*two, 1, 6) == whole);
  at::set_num_threads(threads);
}

TEST_CASE("RepDL's LeNet leaves the digests that a claim is held against") {
  const FixedSetup setup = made_up();
  const auto training = begun(setup);
  const std::string before = sha256_of(training->state().weights);
  sha256_after(*training, 1, 10);
  const auto left = artifacts_of(training->left());
  REQUIRE(left.size() == 3);
  CHECK_THAT(left[0].name, Catch::Equals("initial_weights"));
  CHECK_THAT(left[0].sha256, Catch::Equals(before));
  CHECK_THAT(left[1].name, Catch::Equals("trained_weights"));
  CHECK_THAT(left[1].sha256, Catch::Equals(sha256_of(training->state().weights)));
  REQUIRE(left[1].shape == std::vector<std::int64_t>{61706});
  CHECK_THAT(left[2].name, Catch::Equals("logits"));
  REQUIRE(left[2].shape == std::vector<std::int64_t>{7, 10});
  REQUIRE(left[2].dtype == "F32");
}

TEST_CASE("what a program leaves is digested in order, and what cannot be is a sentence") {
  const at::Tensor one = read_mnist(made_up(), "test").x, two = read_mnist(made_up(), "train").x;
  const auto bytes = [](const at::Tensor& t) {
    return std::string(static_cast<const char*>(t.const_data_ptr()), t.nbytes());
  };
  const auto left = artifacts_of({{"both", {one, two}}});
  REQUIRE(left[0].sha256 == sha256_text(bytes(one) + bytes(two)));
  CHECK_THAT(error_of([&] { artifacts_of({{"x", {one}}, {"x", {two}}}); }), Contains("two things named x"));
  CHECK_THAT(error_of([&] { artifacts_of({{"x", {}}}); }), Contains("no tensor in it"));
  CHECK_THAT(error_of([&] {
               artifacts_of({{"x", {one, two.to(at::kDouble)}}});
             }),
             Contains("x: wanted tensors of one number format, found Float and Double"));
}

TEST_CASE("RepDL's LeNet is for float32 on the CPU, and says so elsewhere") {
  FixedSetup on_device = made_up(), wide = made_up();
  on_device.device_ = at::Device(at::kCUDA, 0);
  wide.plan_.pins["precision"] = "float64";
  CHECK_THAT(error_of([&] { begun(on_device); }), Contains("for the CPU; found device=cuda:0"));
  CHECK_THAT(error_of([&] { begun(wide); }), Contains("for float32"));
}

TEST_CASE("a loader's epochs are permutations, another each, the same again from one seed") {
  const LoaderOrder order(at::detail::createCPUGenerator(3), 2, 50);
  const LoaderOrder longer(at::detail::createCPUGenerator(3), 5, 50);
  for (const std::uint32_t epoch : {1U, 0U}) {
    const auto samples = order.epoch(epoch);
    REQUIRE(std::set(samples.begin(), samples.end()).size() == 50);
    REQUIRE(*std::max_element(samples.begin(), samples.end()) == 49);
    REQUIRE(samples == longer.epoch(epoch));
  }
  REQUIRE(order.epoch(0) != order.epoch(1));
}

TEST_CASE("the program's own order is what a run follows and records where the pin says so") {
  Plan plan = FixedSetup().plan_;
  plan.pins["batch-order"] = "program";
  const RunSetup setup(plan);
  setup.show_data({}, 8);
  CHECK_THAT(error_of([&] { setup.shown_data(); }), Contains("draws none; try batch-order=seeded"));
  setup.show_order([](std::uint32_t epoch) {
    std::vector<std::uint64_t> samples{7, 6, 5, 4, 3, 2, 1, 0};
    if (epoch == 1) samples[1] = 0;
    return samples;
  });
  REQUIRE(setup.samples(1) == std::vector<std::uint64_t>{7, 6});
  REQUIRE(setup.samples(5) == std::vector<std::uint64_t>{7, 0});
  REQUIRE(setup.samples(4) == std::vector<std::uint64_t>{1, 0});
  REQUIRE(setup.batch(5)[1].item<std::int64_t>() == 0);
  plan.watch.injected = InjectedFault{"swap-samples", 1};
  REQUIRE(setup.samples(1) != std::vector<std::uint64_t>{7, 6});
}

TEST_CASE("RepDL's LeNet draws the published initial weights and takes the original's first steps") {
  const Plan plan = plan_on_mnist("1200");
  const RunSetup setup(plan);
  const auto training = begun_on_mnist(setup);
  CHECK_THAT(sha256_of(training->state().weights),
             Catch::Equals("2a2d133895b1684e55d0f152ead2914b55adc551d9790a4b4585309b79c60362"));
  const std::array<float, 3> losses = {0x1.262d6cp+1F, 0x1.265f36p+1F, 0x1.2503ecp+1F};
  const std::array<const char*, 3> weights = {
      "a20fd4b725d6ad1cc8c6028481ea89c0bddf3530165e42ec92ef3da2c444af5b",
      "cd69b98a88fe11905fb489eab724f3167d5921c41fccf2be031459bff635d1ea",
      "66696aba17c65dd0b9cc8ba4186679b400eb347bf6aff90ce9d0933b4e345dfe"};
  const std::array<const char*, 10> gradients = {
      "484fd80a25862bfb", "28ab9fd23e90305c", "2a5e02171fcb4bce", "b1f3003d18165141", "7bd581d86f8bcd10",
      "4f600c680899e042", "3256d8748e49e0fa", "751c96c6b5f8cd6e", "425b9c0a03bddf1d", "47712489a1174298"};
  for (std::size_t step = 1; step <= 3; ++step) {
    REQUIRE(training->step(static_cast<std::int64_t>(step)).loss.item<float>() == losses[step - 1]);
    const State state = training->state();
    if (step == 1) {
      CHECK_THAT(start_of(state.batch[0].tensor), Catch::Equals("2717f3bc0c556448"));
      CHECK_THAT(start_of(state.batch[1].tensor), Catch::Equals("8d84c991b4f8d8a3"));
      for (std::size_t i = 0; i < 10; ++i)
        CHECK_THAT(start_of(state.gradients[i].tensor), Catch::Equals(gradients[i]));
    }
    CHECK_THAT(sha256_of(state.weights), Catch::Equals(weights[step - 1]));
  }
}
