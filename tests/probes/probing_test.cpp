// SPDX-License-Identifier: Apache-2.0
// The program behind every probe: repeats, and the conditions under which a probe is called.
#include "probes/probing.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <thread>

#include "harness/record/skip.h"
#include "harness/record/tensor_digest.h"
#include "probes/at_once.h"
#include "probes/conditions.h"
#include "probes/distance.h"
#include "probes/drawing.h"
#include "probes/memory.h"
#include "probes/results.h"
#include "record/fixed_setup.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

FixedSetup plain() {
  FixedSetup setup;
  setup.plan_.batch = setup.plan_.samples = 1;
  return setup;
}

FixedSetup with(const std::string& parameter, const Scalar& value) {
  FixedSetup setup = plain();
  setup.plan_.parameters[parameter] = value;
  return setup;
}

// Each row of x by itself: what a batch must not change.
const Probe twice{
    .summary = "two times x",
    .family = Family::elementwise,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {6, 4})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", given["x"] * 2}};
    },
    .gradients = "x",
    .rows = "x",
};

Tensors first_results(const FixedSetup& setup, const Probe& probe) {
  const auto training = begin_probe(setup, probe, "made");
  REQUIRE(training->state().weights.empty());
  training->step(1);
  return training->state().weights;
}

std::vector<std::string> names(const Tensors& tensors) {
  std::vector<std::string> all;
  for (const auto& one : tensors) all.push_back(one.name);
  return all;
}

bool same_bits(const Tensors& a, const Tensors& b) { return distance_of(a, b).v_c == 0; }

// What happens in the first step.
std::string trouble(const FixedSetup& setup, const Probe& probe) {
  return error_of([&] { first_results(setup, probe); });
}

}  // namespace

TEST_CASE("a probe gives its results and the gradients that it asks for, at every step the same") {
  const FixedSetup setup = plain();
  const auto training = begin_probe(setup, twice, "twice");
  for (int step = 1; step <= 3; ++step) {
    const StepResult result = training->step(step);
    REQUIRE(result.loss.item<double>() == 0);
    REQUIRE(names(training->state().weights) == std::vector<std::string>{"out", "x.gradient"});
  }
  const Tensors results = training->state().weights;
  const Tensors x = {Drawing(setup).normal("x", {6, 4})};
  REQUIRE(results[0].tensor.equal(x[0].tensor * 2));
  REQUIRE_FALSE(results[1].tensor.requires_grad());
  REQUIRE(training->step(10).metrics == StepResult{{}, {{"v_ermv", 0.0}, {"v_c", 0.0}}}.metrics);
}

TEST_CASE("the steps of a probe that does not repeat have a distance from the first") {
  static int calls = 0;
  const Probe drifting{
      .summary = "another number each time",
      .family = Family::elementwise,
      .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {2})}; },
      .call = [](const Given&) -> Tensors {
        return {{"out", at::ones({2}) * ++calls}};
      },
  };
  const FixedSetup setup = plain();
  const auto training = begin_probe(setup, drifting, "drifting");
  REQUIRE(training->step(1).loss.item<double>() == 0);
  REQUIRE(training->step(2).loss.item<double>() == Approx(1));
  REQUIRE(training->step(10).metrics[0].second == Approx(2));
  REQUIRE(training->step(10).metrics[1].second == 1);
}

TEST_CASE("inputs lie where they are wanted, and have the same bits there") {
  const FixedSetup setup = plain();
  const at::Tensor x = Drawing(setup).normal("x", {3, 5}).tensor;
  const at::Tensor moved = displaced(x, 3);
  REQUIRE(moved.equal(x));
  REQUIRE(moved.is_contiguous());
  const auto place = [](const at::Tensor& t) { return reinterpret_cast<std::uintptr_t>(t.const_data_ptr()); };
  REQUIRE(place(displaced(x, 0)) % 64 == 0);
  REQUIRE(place(moved) % 64 == 12);
  REQUIRE(same_bits(first_results(with("offset", std::int64_t{3}), twice), first_results(setup, twice)));
}

TEST_CASE("new memory holds what was laid there") {
  at::globalContext().setDeterministicAlgorithms(false, false);
  for (const std::int64_t elements : {10000, 100000, 1000000}) {
    INFO(elements);
    lay(Fill::nan, at::kCPU);
    const at::Tensor nan = at::empty({elements}, at::kFloat);
    REQUIRE(nan.ne(nan).sum().item<std::int64_t>() > elements / 10 * 9);
    lay(Fill::zero, at::kCPU);
    const at::Tensor zero = at::empty({elements}, at::kFloat);
    REQUIRE(zero.eq(0).sum().item<std::int64_t>() > elements / 10 * 9);
  }
}

TEST_CASE("a probe that reads memory which nobody wrote is found by what lay there") {
  at::globalContext().setDeterministicAlgorithms(false, false);
  const Probe careless{
      .summary = "memory that nobody wrote",
      .family = Family::elementwise,
      .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {2})}; },
      .call = [](const Given&) -> Tensors {
        return {{"out", at::empty({100000}, at::kFloat)}};
      },
  };
  const FixedSetup zero = with("fill", std::string("zero")), nan = with("fill", std::string("nan"));
  REQUIRE_FALSE(same_bits(first_results(zero, careless), first_results(nan, careless)));
  REQUIRE(same_bits(first_results(zero, twice), first_results(nan, twice)));
}

TEST_CASE("rows of a whole batch are compared with rows alone, gradients too") {
  const Tensors all = first_results(with("rows", std::string("all")), twice),
                one = first_results(with("rows", std::string("one")), twice);
  REQUIRE(names(all) == std::vector<std::string>{"out[row 0]", "x.gradient[row 0]", "out[row 3]",
                                                 "x.gradient[row 3]", "out[row 5]", "x.gradient[row 5]"});
  REQUIRE(all[2].tensor.sizes() == at::IntArrayRef{1, 4});
  REQUIRE(same_bits(all, one));
  Probe mixed = twice;
  mixed.call = [](const Given& given) -> Tensors { return {{"out", given["x"] - given["x"].mean()}}; };
  REQUIRE_FALSE(same_bits(first_results(with("rows", std::string("all")), mixed),
                          first_results(with("rows", std::string("one")), mixed)));
  mixed.rows = "";
  CHECK_THAT(trouble(with("rows", std::string("one")), mixed), Contains("probe/made has no rows"));
}

TEST_CASE("several callers call at once, and the results of each are seen") {
  const Tensors both = first_results(with("callers", std::int64_t{2}), twice);
  REQUIRE(names(both) == std::vector<std::string>{"caller 1/out", "caller 1/x.gradient", "caller 2/out",
                                                  "caller 2/x.gradient"});
  REQUIRE(both[0].tensor.equal(both[2].tensor));
  std::atomic<int> here{0};
  const Tensors met = called_at_once(2, [&] {
    // Ends only if both callers are in their call at one time.
    ++here;
    while (here.load() < 2) std::this_thread::yield();
    return Tensors{{"out", at::ones({1})}};
  });
  REQUIRE(met.size() == 2);
  CHECK_THAT(error_of([] { called_at_once(2, []() -> Tensors { fail("not today"); }); }),
             Contains("not today"));
  Probe drawing = twice;
  drawing.draws = true;
  CHECK_THAT(trouble(with("callers", std::int64_t{2}), drawing), Contains("one generator"));
}

TEST_CASE("a probe is called beside threads that keep the cores busy, and ends them") {
  REQUIRE(same_bits(first_results(with("load", std::int64_t{2}), twice), first_results(plain(), twice)));
  REQUIRE(conditions_of(with("load", std::int64_t{2}).plan_).load == 2);
  CHECK_THAT(error_of([&] { conditions_of(with("load", std::int64_t{-1}).plan_); }),
             Contains("from 0 to 256"));
  const BusyThreads none(0);
}

TEST_CASE("what LibTorch refuses is a skip with its own sentence") {
  Probe refused = twice;
  refused.call = [](const Given& given) -> Tensors { return {{"out", at::mm(given["x"], given["x"])}}; };
  REQUIRE_THROWS_AS(first_results(plain(), refused), Skip);
  CHECK_THAT(
      trouble(plain(), refused),
      Contains("probe/made is not done by this LibTorch here: mat1 and mat2 shapes cannot be multiplied"));
}

TEST_CASE("a probe that is none is refused") {
  Probe empty = twice;
  empty.call = [](const Given&) -> Tensors { return {}; };
  CHECK_THAT(trouble(plain(), empty), Contains("gives no tensor"));
  Probe writing = twice;
  writing.gradients = "";
  writing.call = [](const Given& given) -> Tensors { return {{"out", given["x"].add_(1)}}; };
  CHECK_THAT(trouble(plain(), writing), Contains("changes its input x"));
  Probe lost = twice;
  lost.call = [](const Given& given) -> Tensors { return {{"out", given["y"]}}; };
  CHECK_THAT(trouble(plain(), lost), Contains("input of this probe") && Contains("'y'"));
}

TEST_CASE("parameters of a probe are refused where they make no sense") {
  const auto said = [](const std::string& parameter, const Scalar& value) {
    return error_of([&] { conditions_of(with(parameter, value).plan_); });
  };
  CHECK_THAT(said("offset", std::int64_t{-1}), Contains("from 0 to 4096") && Contains("offset"));
  CHECK_THAT(said("offset", std::string("one")), Contains("whole number"));
  CHECK_THAT(said("callers", std::int64_t{0}), Contains("from 1 to 256"));
  CHECK_THAT(said("fill", std::string("noise")), Contains("none, zero or nan"));
  CHECK_THAT(said("rows", std::int64_t{3}), Contains("whole, all or one") && Contains("3"));
  const Conditions found = conditions_of(with("fill", std::string("nan")).plan_);
  REQUIRE(found.fill == Fill::nan);
  REQUIRE(found.callers == 1);
}

TEST_CASE("inputs depend on their name and the seed, not on what was drawn before") {
  FixedSetup setup = plain(), other = plain();
  other.plan_.pins["seed"] = "1";
  const Drawing draw(setup);
  const at::Tensor x = draw.normal("x", {50}).tensor;
  REQUIRE_FALSE(draw.normal("y", {50}).tensor.equal(x));
  REQUIRE(draw.normal("x", {50}).tensor.equal(x));
  REQUIRE(draw.normal("x", {20}, 30).tensor.equal(x.narrow(0, 30, 20)));
  REQUIRE_FALSE(Drawing(other).normal("x", {50}).tensor.equal(x));
  const at::Tensor order = draw.permutation("order", 50).tensor;
  REQUIRE(order.sum().item<std::int64_t>() == 49 * 25);
  REQUIRE(std::get<0>(order.sort()).equal(draw.permutation("other", 50).tensor.msort()));
  REQUIRE_FALSE(order.equal(std::get<0>(order.sort())));
  const at::Tensor below = draw.below("index", 4, {200}).tensor;
  REQUIRE(below.min().item<std::int64_t>() == 0);
  REQUIRE(below.max().item<std::int64_t>() == 3);
  const at::Tensor between = draw.uniform("u", {200}, 2, 3).tensor;
  REQUIRE(between.min().item<float>() >= 2);
  REQUIRE(between.max().item<float>() <= 3);
  REQUIRE(draw.levels("l", 3, {200}).tensor.max().item<float>() == 2);
}

TEST_CASE("a distance counts bits, and is relative") {
  const auto one = [](const at::Tensor& tensor) { return Tensors{{"t", tensor}}; };
  const at::Tensor a = at::ones({4}), b = a.clone();
  b[1] = 1.5;
  REQUIRE(distance_of(one(a), one(b)).v_c == 0.25);
  REQUIRE(distance_of(one(a), one(b)).v_ermv == Approx(0.125));
  const at::Tensor nan = a * std::nan("");
  REQUIRE(distance_of(one(nan), one(nan)).v_c == 0);
  REQUIRE(distance_of(one(a * 0), one(a * -0.0)).v_c == 1);  // zeros of two signs
  REQUIRE(distance_of(one(a), one(nan)).v_c == 1);
  REQUIRE(distance_of(one(a), one(nan)).v_ermv == 0);
  REQUIRE(distance_of(one(at::ones({2}, at::kComplexFloat)), one(at::ones({2}, at::kComplexFloat))).v_c == 0);
  CHECK_THAT(error_of([&] { distance_of(one(a), one(at::ones({5}))); }), Contains("another name, shape"));
  // As a checkpoint has them: in another order.
  const Tensors two = {{"t", a}, {"u", nan}}, turned = {{"u", nan}, {"t", a}};
  REQUIRE(distance_of(two, turned).v_c == 0);
  CHECK_THAT(error_of([&] { distance_of(two, {{"t", a}, {"v", nan}}); }), Contains("u has another name"));
}

TEST_CASE("a probe goes on from what it had, and is found by its name in the plan") {
  FixedSetup setup = plain();
  setup.plan_.program = "probe/index-add";
  const auto training = probing.begin(setup);
  training->step(1);
  const State saved = training->state();
  const auto again = probing.begin(setup);
  again->restore(1, saved);
  REQUIRE(same_bits(again->state().weights, saved.weights));
  REQUIRE(again->step(2).loss.item<double>() == 0);
  setup.plan_.program = "probe/index-ad";
  CHECK_THAT(error_of([&] { probing.begin(setup); }), Contains("did you mean 'index-add'"));
}
