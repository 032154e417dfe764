// SPDX-License-Identifier: Apache-2.0
// What the tracer sees of real operators, and that nothing changes by its watching.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/add.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "fixed_setup.h"
#include "harness/record/fault_injection.h"
#include "harness/record/operators/op_threads.h"
#include "harness/record/operators/op_tracer.h"
#include "harness/record/training/window_size.h"
#include "record/watching.h"
#include "scratch.h"

using namespace reprise;

namespace {

template <class Work>
std::vector<OpCall> calls_of(Work work, const Watch& watch = watching(), std::int64_t step = 1) {
  OpWindow window(watch, step, "/nowhere/call.safetensors");
  work();
  return window.take();
}

const OpCall& named(const std::vector<OpCall>& calls, const std::string& name) {
  const auto found =
      std::find_if(calls.begin(), calls.end(), [&](const OpCall& call) { return call.name == name; });
  REQUIRE(found != calls.end());
  return *found;
}

}  // namespace

TEST_CASE("calls nest, and the same work gives the same rows") {
  const at::Tensor x = at::arange(12, at::kFloat).view({3, 4}), w = at::arange(8, at::kFloat).view({2, 4}),
                   b = at::zeros({2}, at::kFloat);
  const auto work = [&] { at::linear(x, w, b); };
  const auto calls = calls_of(work);
  const OpCall& outer = named(calls, "aten::linear");
  const OpCall& inner = named(calls, "aten::addmm");
  REQUIRE(outer.depth == 0);
  REQUIRE(inner.depth > 0);
  REQUIRE(inner.order > outer.order);
  REQUIRE((outer.outputs == inner.outputs));
  REQUIRE(outer.outputs[0].digest.present());
  REQUIRE(inner.scalars == "beta=1 alpha=1");
  REQUIRE((calls == calls_of(work)));
}

TEST_CASE("a tensor that lies on a device is marked as not observed, and the call is there all the same") {
  const at::Tensor x = at::arange(4, at::kFloat).to(at::kMeta);
  const auto calls = calls_of([&] { at::add(x, x); });
  const OpCall& call = named(calls, "aten::add.Tensor");
  REQUIRE(call.inputs.size() == 2);
  REQUIRE(call.inputs[0].seen == Seen::unobserved);
  REQUIRE(call.outputs.at(0).seen == Seen::unobserved);
  REQUIRE(call.outputs[0].shape == std::vector<std::int64_t>{4});
  REQUIRE_FALSE(call.outputs[0].digest.present());
}

TEST_CASE("one bit of an input changes that input's digest and the output's, and no other") {
  at::Tensor x = at::arange(4, at::kFloat);
  const at::Tensor y = at::arange(4, at::kFloat);
  const auto work = [&] { at::add(x, y); };
  const auto before = calls_of(work);
  inject(pick(faults_shelf(), "flip-bit", "fault"),
         State{.batch = {}, .gradients = {}, .weights = {{"x", x}}, .optimizer = {}});
  x.mutable_data_ptr<float>()[3] = 5;
  const auto after = calls_of(work);
  const OpCall &a = named(before, "aten::add.Tensor"), &b = named(after, "aten::add.Tensor");
  REQUIRE(a.inputs[0].digest != b.inputs[0].digest);
  REQUIRE(a.inputs[1].digest == b.inputs[1].digest);
  REQUIRE(a.outputs[0].digest != b.outputs[0].digest);
}

TEST_CASE("in-place operators and those without a result are seen by what they leave behind") {
  at::Tensor x = at::zeros({4}, at::kFloat), y = at::zeros({3}, at::kFloat);
  const auto calls = calls_of([&] {
    x.add_(1);
    at::_foreach_add_({x, y}, 2);
  });
  const OpCall& added = named(calls, "aten::add_.Scalar");
  REQUIRE(added.inputs[0].digest != added.outputs[0].digest);
  const OpCall& foreach = named(calls, "aten::_foreach_add_.Scalar");
  REQUIRE(foreach.inputs.size() == 2);
  REQUIRE(foreach.outputs.size() == 2);
  REQUIRE(foreach.inputs[0].digest == added.outputs[0].digest);
  REQUIRE(foreach.outputs[0].digest != foreach.inputs[0].digest);
  REQUIRE(foreach.outputs[1].digest.present());
}

TEST_CASE(
    "views and memory that nobody wrote are marked, small tensors are left out where that is asked for") {
  const at::Tensor x = at::arange(6, at::kFloat);
  Watch watch = watching();
  watch.ops.min_elements = 6;
  const auto calls = calls_of(
      [&] {
        x.view({2, 3});
        at::empty({8}, at::kFloat);
        at::add(x.narrow(0, 0, 2), 1);
      },
      watch);
  REQUIRE(named(calls, "aten::view").outputs[0].seen == Seen::view);
  REQUIRE(named(calls, "aten::empty.memory_format").outputs[0].seen == Seen::uninitialised);
  REQUIRE_FALSE(named(calls, "aten::empty.memory_format").outputs[0].digest.present());
  REQUIRE(named(calls, "aten::add.Scalar").outputs[0].seen == Seen::small);
}

TEST_CASE(
    "phases and scopes: forward, backward and the optimizer's step, a backward call has its forward's "
    "scope") {
  at::Tensor w = at::zeros({3}, at::kFloat);
  w.set_requires_grad(true);
  const auto calls = calls_of([&] {
    at::Tensor loss;
    {
      const Scope block("h.0"), part("mlp");
      loss = (w * 2.0).sum();
    }
    loss.backward();
    const Scope step("Optimizer.step#SGD.step");
    at::add(w.detach(), 1);
  });
  REQUIRE(named(calls, "aten::mul.Tensor").phase == Phase::forward);
  REQUIRE(named(calls, "aten::mul.Tensor").scope == "h.0/mlp");
  const auto back = std::find_if(calls.begin(), calls.end(), [](const OpCall& call) {
    return call.phase == Phase::backward && call.name == "aten::mul.Tensor";
  });
  REQUIRE(back != calls.end());
  REQUIRE(back->scope == "h.0/mlp");
  REQUIRE(named(calls, "aten::add.Scalar").phase == Phase::optimizer);
  REQUIRE(named(calls, "aten::add.Scalar").scope.empty());
}

TEST_CASE("a window of one phase keeps every call's place") {
  const auto work = [] {
    const at::Tensor x = at::arange(3, at::kFloat);
    const Scope step("Optimizer.step#SGD.step");
    at::add(x, 1);
  };
  Watch optimizer = watching();
  optimizer.ops.phases = {"optimizer"};
  const auto all = calls_of(work), some = calls_of(work, optimizer);
  REQUIRE(some.size() < all.size());
  REQUIRE((named(some, "aten::add.Scalar") == named(all, "aten::add.Scalar")));
}

TEST_CASE("another thread's calls have a role of their own") {
  const auto calls = calls_of([] {
    at::zeros({2}, at::kFloat);
    std::thread([] { at::arange(5, at::kFloat); }).join();
  });
  REQUIRE(named(calls, "aten::zeros").role == 0);
  REQUIRE(named(calls, "aten::arange").role == 1);
  REQUIRE(named(calls, "aten::arange").order == 0);
}

TEST_CASE("threads have the order of their names, whichever calls first") {
  const auto worked = [](bool turned) {
    return calls_of([&] {
      const auto work = [](const char* name) {
        std::thread([name] {
          name_this_thread(name);
          at::arange(name[0] - 'a' + 1, at::kFloat);
          name_this_thread("");
        }).join();
      };
      work(turned ? "b" : "a");
      work(turned ? "a" : "b");
    });
  };
  const auto one = worked(false), other = worked(true);
  REQUIRE((one == other));
  REQUIRE(named(one, "aten::arange").thread == "a");
  REQUIRE(named(one, "aten::arange").role == 1);
}

TEST_CASE("what another thread calls between two steps belongs to the next, and is not lost") {
  OpWindow window(watching(), 1, "/nowhere");
  at::zeros({2}, at::kFloat);
  REQUIRE(named(window.go_on(2), "aten::zeros").step == 1);
  std::thread([] { at::arange(5, at::kFloat); }).join();
  const auto calls = window.go_on(3);
  REQUIRE(named(calls, "aten::arange").step == 2);
  REQUIRE(named(calls, "aten::arange").order == 0);
  REQUIRE(window.go_on(4).empty());
  REQUIRE_FALSE(window.awake());
}

TEST_CASE("an input that another thread wrote says so, and one that this thread wrote does not") {
  at::Tensor x = at::zeros({4}, at::kFloat);
  const auto calls = calls_of([&] {
    std::thread([&] {
      name_this_thread("average");
      x.add_(1);
      name_this_thread("");
    }).join();
    at::add(x, 1);
    x.mul_(2);
    at::sum(x);
  });
  REQUIRE(named(calls, "aten::add.Scalar").inputs[0].writer == "aten::add_.Scalar of average");
  REQUIRE(named(calls, "aten::sum").inputs[0].writer.empty());
}

TEST_CASE("memory that nobody wrote is marked where it is read, until a call or somebody else writes it") {
  const auto calls = calls_of([] {
    at::Tensor x = at::empty({5}, at::kFloat);
    at::add(x, 1);
    x.fill_(0);
    at::sum(x);
    at::Tensor y = at::empty({7}, at::kFloat);
    for (int i = 0; i < 7; ++i) y.mutable_data_ptr<float>()[i] = 3.25F + static_cast<float>(i);
    at::mul(y, 2);
  });
  const auto& read = named(calls, "aten::add.Scalar").inputs[0];
  REQUIRE(read.seen == Seen::unwritten);
  REQUIRE(read.writer == "aten::empty.memory_format");
  REQUIRE_FALSE(read.digest.present());
  REQUIRE(named(calls, "aten::sum").inputs[0].seen == Seen::content);
  REQUIRE(named(calls, "aten::mul.Tensor").inputs[0].seen == Seen::content);
  REQUIRE(named(calls, "aten::mul.Tensor").inputs[0].writer == no_operator);
}

TEST_CASE("an output buffer that an operator's own code made is never taken for content") {
  const at::Tensor x = at::arange(16, at::kFloat).view({4, 4});
  const auto calls = calls_of([&] { at::mm(x, x); });
  std::size_t hidden = 0;
  for (const auto& call : calls)
    for (const auto& input : call.inputs) hidden += input.seen == Seen::hidden ? 1 : 0;
  REQUIRE(hidden > 0);  // aten::resolve_conj of the result, before it is written
  REQUIRE(named(calls, "aten::mm").outputs[0].digest.present());
}

TEST_CASE("memory that is alive and unwritten at the end of its step is marked there") {
  at::Tensor kept;
  const auto calls = calls_of([&] {
    kept = at::empty({9}, at::kFloat);
    at::empty({3}, at::kFloat);
  });
  for (const auto& call : calls)
    REQUIRE(call.outputs[0].seen == (call.outputs[0].shape[0] == 9 ? Seen::unwritten : Seen::uninitialised));
}

TEST_CASE("a random operator has the state of its generator as its last input, if it drew") {
  at::manual_seed(1);
  const auto draw = [] { at::rand({8}, at::kFloat); };
  const auto first = calls_of(draw), second = calls_of(draw);
  at::manual_seed(1);
  const auto again = calls_of(draw);
  REQUIRE((first == again));
  const auto& state = named(first, "aten::uniform_").inputs.back();
  REQUIRE(state.dtype == generator_dtype);
  REQUIRE(state.digest.present());
  REQUIRE(state.digest != named(second, "aten::uniform_").inputs.back().digest);
  const auto calm = calls_of([] { at::zeros({2}, at::kFloat); });
  for (const auto& call : calm)
    for (const auto& input : call.inputs) REQUIRE(input.dtype != generator_dtype);
}

TEST_CASE("outside of its steps a window sees nothing, and after it nobody listens") {
  REQUIRE(calls_of([] { at::zeros({2}); }, watching(), 4).empty());
  REQUIRE(calls_of([] { at::zeros({2}); }, Watch{}, 0).empty());
  REQUIRE_FALSE(calls_of([] { at::zeros({2}); }).empty());
  at::RecordFunction unheard(at::RecordScope::FUNCTION);
  REQUIRE_FALSE(unheard.isActive());
}

TEST_CASE("watching draws no random number and changes no result") {
  const auto drawn = [] { return at::rand({100}, at::kFloat).sum().item().toDouble(); };
  at::manual_seed(3);
  const double plain = drawn();
  const auto state = at::detail::getDefaultCPUGenerator().get_state();
  at::manual_seed(3);
  double watched = 0;
  calls_of([&] { watched = drawn(); });
  REQUIRE(watched == plain);
  REQUIRE(at::detail::getDefaultCPUGenerator().get_state().equal(state));
}

TEST_CASE("a window that does not fit on the disk says how large it is, and offers a smaller one") {
  REQUIRE(no_room_for_window(1000, 1, 9, 9000).empty());
  const std::string said = no_room_for_window(std::uint64_t{10} << 20, 1, 99, std::uint64_t{100} << 20);
  REQUIRE(said.find("100 steps take about 1000 MiB, 100 MiB are free") != std::string::npos);
  REQUIRE(said.find("a window of 11 steps or fewer") != std::string::npos);
}
