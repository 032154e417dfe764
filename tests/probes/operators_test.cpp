// SPDX-License-Identifier: Apache-2.0
// Every probe of the shelf repeats, or LibTorch says why it is not asked; and what is known to move the bits
// does so in a probe exactly where it does so in LibTorch, called directly.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/index_put.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>

#include <catch2/catch.hpp>
#include <map>

#include "harness/record/skip.h"
#include "probes/distance.h"
#include "probes/probing.h"
#include "probes/results.h"
#include "record/fixed_setup.h"
#include "skip.h"

using namespace reprise;

namespace {

void use(int threads, bool deterministic) {
  at::set_num_threads(threads);
  at::globalContext().setDeterministicAlgorithms(deterministic, false);
}

FixedSetup setup_with(const std::map<std::string, Scalar>& parameters = {}) {
  FixedSetup setup;
  setup.plan_.batch = setup.plan_.samples = 1;
  setup.plan_.parameters = parameters;
  return setup;
}

std::unique_ptr<Training> begun(const FixedSetup& setup, std::string_view name) {
  return begin_probe(setup, pick(probes_shelf(), name, "probe"), std::string(name));
}

// The results of the first call.
Tensors results_of(std::string_view name, const std::map<std::string, Scalar>& parameters = {}) {
  const FixedSetup setup = setup_with(parameters);
  const auto training = begun(setup, name);
  training->step(1);
  return training->state().weights;
}

bool same_bits(const Tensors& a, const Tensors& b) { return distance_of(a, b).v_c == 0; }

// What deterministic mode refuses, and kernels for GPUs alone: all else must be called.
const std::map<std::string_view, std::string> refused = {
    {"put", "deterministic"},
    {"max-unpool2d", "deterministic"},
    {"sdpa-cudnn", "CPU"},
    {"sdpa-efficient", "CPU"},
};

// A probe whose results are not numbers, whose first result is one number everywhere, or to which no gradient
// comes, shows nothing.
void require_telling(const Tensors& results) {
  for (const auto& result : results) {
    INFO(result.name);
    REQUIRE(result.tensor.numel() > 0);
    REQUIRE(at::isfinite(result.tensor).all().item<bool>());
    REQUIRE(result.tensor.ne(0).any().item<bool>());
  }
  const at::Tensor& first = results.front().tensor;
  if (first.numel() > 1) REQUIRE(first.max().item<double>() > first.min().item<double>());
}

// The inputs of a probe, by name, for a direct call.
at::Tensor input_of(const Tensors& inputs, std::string_view name) { return Given(inputs, 0)[name]; }

template <class Call>
bool moved_by_threads(Call call) {
  use(1, true);
  const Tensors one = call();
  use(2, true);
  return !same_bits(one, call());
}

// A tensor of each of `calls` repeats that differs from the first, if any does.
template <class Call>
bool varies(int calls, Call call) {
  const at::Tensor first = call();
  for (int i = 1; i < calls; ++i)
    if (!call().equal(first)) return true;
  return false;
}

}  // namespace

TEST_CASE("every probe of the shelf repeats on one thread, or says why it is not done") {
  use(1, true);
  std::size_t repeated = 0;
  for (const auto& [name, probe] : probes_shelf()) {
    INFO(name);
    REQUIRE(std::string(probe->summary).size() > 10);
    const FixedSetup setup = setup_with();
    const auto training = begun(setup, name);
    try {
      training->step(1);
    } catch (const Skip& skip) {
      INFO(skip.what());
      REQUIRE(refused.contains(name));
      REQUIRE(std::string(skip.what()).find(refused.at(name)) != std::string::npos);
      continue;
    }
    REQUIRE_FALSE(refused.contains(name));
    require_telling(training->state().weights);
    training->step(2);
    const auto metrics = training->step(10).metrics;
    REQUIRE(metrics.at(1).second == 0);
    ++repeated;
  }
  REQUIRE(repeated >= 60);
}

TEST_CASE("rows of a batch have the shapes of rows alone, in every probe that has rows") {
  use(1, true);
  std::size_t compared = 0;
  for (const auto& [name, probe] : probes_shelf()) {
    if (probe->rows.empty() || refused.contains(name)) continue;
    INFO(name);
    const Tensors all = results_of(name, {{"rows", std::string("all")}}),
                  one = results_of(name, {{"rows", std::string("one")}});
    REQUIRE(all.size() == one.size());
    REQUIRE(all.size() >= 3);
    for (std::size_t i = 0; i < all.size(); ++i) {
      INFO(all[i].name);
      REQUIRE(all[i].name == one[i].name);
      REQUIRE(all[i].tensor.sizes() == one[i].tensor.sizes());
      // Rounding may differ, the numbers not: else rows were mixed up.
      REQUIRE(all[i].tensor.to(at::kDouble).allclose(one[i].tensor.to(at::kDouble), 2e-2, 1e-2));
    }
    ++compared;
  }
  REQUIRE(compared >= 30);
}

TEST_CASE("what is added by index repeats in deterministic mode, and may vary without it on two threads") {
  const FixedSetup setup = setup_with();
  const Tensors inputs = pick(probes_shelf(), "index-put-accumulate", "probe").inputs(Drawing(setup));
  const auto by_probe = [] { return results_of("index-put-accumulate")[0].tensor; };
  const auto directly = [&] {
    return at::index_put(input_of(inputs, "x"), {input_of(inputs, "index")}, input_of(inputs, "source"),
                         true);
  };
  use(2, true);
  REQUIRE_FALSE(varies(20, by_probe));
  REQUIRE_FALSE(varies(20, directly));
  use(1, false);
  REQUIRE_FALSE(varies(20, by_probe));
  use(2, false);
  const bool probe_varied = varies(200, by_probe), libtorch_varied = varies(200, directly);
  if (!probe_varied || !libtorch_varied)
    skip("in 200 calls two threads never met: one processor may be all there is here");
}

TEST_CASE("a linear layer and a convolution depend on threads in a probe as they do in LibTorch") {
  const FixedSetup setup = setup_with();
  std::size_t moved = 0;
  for (const char* name : {"linear", "conv2d"}) {
    INFO(name);
    const Tensors in = pick(probes_shelf(), name, "probe").inputs(Drawing(setup));
    const at::Tensor x = input_of(in, "x"), weight = input_of(in, "weight"), bias = input_of(in, "bias");
    const bool linear = std::string_view(name) == "linear";
    const bool directly = moved_by_threads([&] {
      return Tensors{{"out", linear ? at::linear(x, weight, bias) : at::conv2d(x, weight, bias)}};
    });
    const bool by_probe = moved_by_threads([&] {
      Tensors results = results_of(name);
      results.resize(1);
      return results;
    });
    REQUIRE(directly == by_probe);
    moved += moved_by_threads([&] { return results_of(name); }) ? 1 : 0;
  }
  if (moved == 0) skip("on this processor two threads compute both with the bits of one");
}

TEST_CASE("the gradient of a narrow weight depends on threads in a probe as it does in LibTorch") {
  const FixedSetup setup = setup_with();
  const Tensors in = pick(probes_shelf(), "linear-narrow", "probe").inputs(Drawing(setup));
  const at::Tensor x = input_of(in, "x"), outward = Drawing(setup).normal("outward", {64, 10}).tensor;
  const bool directly = moved_by_threads([&] { return Tensors{{"weight", at::mm(outward.t(), x)}}; });
  REQUIRE(directly == moved_by_threads([&] { return results_of("linear-narrow"); }));
  if (!directly) skip("on this processor two threads compute it with the bits of one");
}

TEST_CASE("a row of a linear layer alone differs from the same row in a batch as it does in LibTorch") {
  use(1, true);
  const FixedSetup setup = setup_with();
  const Tensors in = pick(probes_shelf(), "linear", "probe").inputs(Drawing(setup));
  const at::Tensor x = input_of(in, "x"), weight = input_of(in, "weight"), bias = input_of(in, "bias");
  const at::Tensor whole = at::linear(x, weight, bias);
  bool directly = false;
  for (const std::int64_t row : {std::int64_t{0}, x.size(0) / 2, x.size(0) - 1})
    directly =
        directly || !at::linear(x.narrow(0, row, 1).clone(), weight, bias).equal(whole.narrow(0, row, 1));
  Tensors all, one;
  for (const auto& [kept, text] : {std::pair{&all, "all"}, std::pair{&one, "one"}})
    for (const auto& result : results_of("linear", {{"rows", std::string(text)}}))
      if (result.name.starts_with("out")) kept->push_back(result);
  REQUIRE(same_bits(all, one) == !directly);
  if (!directly) skip("on this processor a row alone has the bits of the row in a batch");
}

TEST_CASE("families have a word each") {
  for (const auto& [name, probe] : probes_shelf()) REQUIRE_FALSE(to_text(probe->family).empty());
  REQUIRE(word_from<Family>("pooling", "a family") == Family::pooling);
}
