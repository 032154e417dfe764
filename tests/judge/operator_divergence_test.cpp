// SPDX-License-Identifier: Apache-2.0
// Which call parts two sequences: drawn by hand, so that the answer is known.
#include <catch2/catch.hpp>

#include "harness/judge/explain/bisection.h"
#include "harness/judge/explain/operator_divergence.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Calls = std::vector<OpCall>;

namespace {

OpTensor content(std::uint64_t value) { return {{value, value}, "F32", {4}, Seen::content}; }
OpTensor marked(Seen seen) { return {{}, "F32", {4}, seen}; }

OpCall call(const std::string& name, std::int64_t depth, std::vector<OpTensor> inputs,
            std::vector<OpTensor> outputs) {
  OpCall one;
  one.step = 1;
  one.name = name;
  one.depth = depth;
  one.inputs = std::move(inputs);
  one.outputs = std::move(outputs);
  return one;
}

Calls numbered(Calls calls) {
  for (std::size_t i = 0; i < calls.size(); ++i) calls[i].order = static_cast<std::int64_t>(i);
  return calls;
}

// linear calls addmm; sum follows. `made`: what addmm gives.
Calls linear(std::uint64_t made, std::uint64_t sum) {
  return numbered({call("aten::linear", 0, {content(1), content(2)}, {content(made)}),
                   call("aten::t", 1, {content(2)}, {marked(Seen::view)}),
                   call("aten::addmm", 1, {content(3), content(1)}, {content(made)}),
                   call("aten::sum", 0, {content(made)}, {content(sum)})});
}

}  // namespace

TEST_CASE("calls that agree in everything have no split") {
  const auto divergence = operator_divergence(linear(10, 11), linear(10, 11));
  CHECK(divergence.kind == DivergenceKind::none);
  CHECK(calls_around(linear(10, 11), linear(10, 11), divergence, 2, 2).empty());
}

TEST_CASE("the innermost call with equal inputs and other outputs is guilty, and what follows is not") {
  const Calls a = linear(10, 11), b = linear(20, 21);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::result);
  CHECK(divergence.a == 2);
  CHECK(divergence.b == 2);
  CHECK(divergence.inside == std::vector<std::size_t>{0});
  CHECK(finding_of(divergence, a, b) == "aten::addmm, call 2 of step 1, forward");
  const auto lines = calls_around(a, b, divergence, 2, 2);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].state == CallLine::State::differs);
  CHECK(lines[1].state == CallLine::State::equal);
  CHECK(lines[2].state == CallLine::State::guilty);
  CHECK(lines[3].state == CallLine::State::differs);
}

TEST_CASE("a call that agrees on the whole and not in what it calls inside is not drawn as equal there") {
  const Calls a = linear(10, 11);
  Calls b = linear(10, 21);
  b[2].outputs = {content(12)};
  const auto divergence = operator_divergence(a, b);
  REQUIRE(divergence.kind == DivergenceKind::result);
  REQUIRE(divergence.a == 3);
  const auto lines = calls_around(a, b, divergence, 3, 0);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].state == CallLine::State::equal);
  CHECK(lines[1].state == CallLine::State::equal);
  CHECK(lines[2].state == CallLine::State::differs);
  CHECK(lines[3].state == CallLine::State::guilty);
}

TEST_CASE("a tracer that is blind for one operator gives another answer: the answer comes from its digests") {
  Calls a = linear(10, 11), b = linear(20, 21);
  for (auto* side : {&a, &b}) (*side)[2].outputs = {marked(Seen::unobserved)};
  CHECK(operator_divergence(a, b).a == 0);  // the call around it is all that is left to blame
  for (auto* side : {&a, &b}) (*side)[0].outputs = {marked(Seen::unobserved)};
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::unobserved);  // memory is not blamed for what was not seen
  CHECK(divergence.a == 3);
  CHECK_THAT(finding_of(divergence, a, b), Contains("was not observed") && !Contains("nobody wrote"));
}

TEST_CASE("where the sides call other operators inside a call whose outputs differ, that is the answer") {
  Calls a = linear(10, 11), b = linear(20, 21);
  b[2].name = "aten::mkldnn_linear";
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::calls);
  CHECK(divergence.inside == std::vector<std::size_t>{0});
  CHECK(divergence.inside_b == std::vector<std::size_t>{0});
  CHECK_THAT(finding_of(divergence, a, b),
             Contains("side B calls aten::mkldnn_linear where side A calls aten::addmm") &&
                 Contains("inside aten::linear, call 0 of step 1"));
}

TEST_CASE("another way to equal bits parts nothing, and does not put what follows out of step") {
  Calls a = linear(10, 11), b = linear(10, 12);
  b.insert(b.begin() + 1, call("aten::resolve_conj", 1, {content(1)}, {marked(Seen::view)}));
  b = numbered(b);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::result);
  CHECK(a[divergence.a].name == "aten::sum");
  CHECK(b[divergence.b].name == "aten::sum");
  CHECK(divergence.b == divergence.a + 1);
}

TEST_CASE("a side that makes no more calls is told as such") {
  const Calls a = linear(10, 11);
  Calls b = a;
  b.pop_back();
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::calls);
  CHECK_THAT(finding_of(divergence, a, b),
             Contains("side B makes no more calls where side A calls aten::sum"));
}

TEST_CASE("equal tensors and another number are told with both numbers, in base ten") {
  Calls a = linear(10, 11), b = linear(10, 12);
  a[3].scalars = "alpha=-0x1p-3 dim=[0]";
  b[3].scalars = "alpha=-0x1p-4 dim=[0]";
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::numbers);
  CHECK_THAT(finding_of(divergence, a, b), Contains("alpha=-0.125 and alpha=-0.0625") && !Contains("dim"));
}

TEST_CASE("an input that no call made comes from outside, where all calls before it were observed") {
  Calls a = numbered({call("aten::empty", 0, {}, {marked(Seen::uninitialised)}),
                      call("aten::add", 0, {content(1), content(2)}, {content(3)})});
  Calls b = a;
  b[1].inputs[1] = content(9);
  b[1].outputs[0] = content(8);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::outside);
  CHECK(divergence.a == 1);
  CHECK(divergence.input == 1);
  CHECK_THAT(finding_of(divergence, a, b), Contains("input 1 of aten::add") && !Contains("nobody wrote"));
}

TEST_CASE("memory that nobody wrote is blamed where a call was seen to read it, with who made it") {
  OpTensor unwritten = marked(Seen::unwritten);
  unwritten.writer = "aten::empty.memory_format";
  const auto made = [&](std::uint64_t result) {
    return numbered({call("aten::empty.memory_format", 0, {}, {marked(Seen::uninitialised)}),
                     call("aten::nan_to_num", 0, {unwritten}, {content(result)})});
  };
  const Calls a = made(1), b = made(2);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::unwritten);
  CHECK_THAT(finding_of(divergence, a, b),
             Contains("input 0 of aten::nan_to_num") &&
                 Contains("memory that aten::empty.memory_format made and nobody wrote"));
  CHECK(operator_divergence(made(1), made(1)).kind == DivergenceKind::none);
}

TEST_CASE("a call with an input that was not observed is not guilty by itself") {
  for (const Seen seen : {Seen::unobserved, Seen::small, Seen::hidden}) {
    const auto made = [&](std::uint64_t result) {
      return numbered({call("aten::add", 0, {content(1), marked(seen)}, {content(result)})});
    };
    const Calls a = made(1), b = made(2);
    CHECK(operator_divergence(a, b).kind == DivergenceKind::unobserved);
    CHECK_THAT(finding_of(operator_divergence(a, b), a, b), Contains("input 1") && Contains("is not known"));
    CHECK_FALSE(unobserved_of(a, 0).empty());
  }
  OpTensor absent = marked(Seen::unobserved);
  absent.dtype.clear();
  const Calls a = numbered({call("aten::add", 0, {content(1), absent}, {content(1)})});
  const Calls b = numbered({call("aten::add", 0, {content(1), absent}, {content(2)})});
  CHECK(operator_divergence(a, b).kind ==
        DivergenceKind::result);  // an argument that is not there hides nothing
  CHECK(unobserved_of(a, 0).empty());
}

namespace {

OpTensor state(std::uint64_t value) { return {{value, value}, "generator", {5056}, Seen::content}; }

Calls drawn(std::uint64_t before, std::uint64_t numbers, const std::string& thread = "") {
  Calls calls = numbered({call("aten::randn", 0, {state(before)}, {content(numbers)})});
  calls[0].thread = thread;
  calls[0].role = thread.empty() ? 0 : 1;
  return calls;
}

Calls joined(Calls a, const Calls& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("the state of its generator is an input of a random operator") {
  CHECK(operator_divergence(drawn(1, 5), drawn(1, 6)).kind == DivergenceKind::result);
  const auto divergence = operator_divergence(drawn(1, 5), drawn(2, 6));
  CHECK(divergence.kind == DivergenceKind::generator);
  CHECK_THAT(finding_of(divergence, drawn(1, 5), drawn(2, 6)),
             Contains("the generator's state before the draw already differs"));
  // What was drawn is equal, so nothing parts here.
  CHECK(operator_divergence(drawn(1, 5), drawn(2, 5)).kind == DivergenceKind::none);
}

TEST_CASE("a stream that two threads draw from is named as such, with both") {
  const Calls a = joined(drawn(1, 5), drawn(2, 7, "Thread-1 (prefetch)"));
  const Calls b = joined(drawn(1, 6), drawn(3, 8, "Thread-1 (prefetch)"));
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::generator);
  CHECK_THAT(finding_of(divergence, a, b),
             Contains("aten::randn of Thread-1 (prefetch)") && Contains("in no order that is fixed"));
}

TEST_CASE("another thread's calls are matched by its name, and how far it came parts nothing") {
  Calls a = linear(10, 11), b = linear(10, 11);
  const auto add = [](Calls& calls, const std::string& thread, std::int64_t role, int times,
                      std::uint64_t made) {
    for (int i = 0; i < times; ++i) {
      OpCall one = call("aten::lerp_.Scalar", 0, {content(50)}, {content(made)});
      one.thread = thread;
      one.role = role;
      one.order = i;
      calls.push_back(one);
    }
  };
  add(a, "first", 1, 1, 51);
  add(a, "second", 2, 3, 52);
  add(b, "second", 1, 2, 52);
  CHECK(operator_divergence(a, b).kind == DivergenceKind::none);
  b.back().outputs[0] = content(99);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::result);
  CHECK_THAT(finding_of(divergence, a, b), Contains("aten::lerp_.Scalar") && Contains("by thread second"));
}

TEST_CASE("an input that another thread wrote is told with what wrote it, not as memory") {
  const auto made = [](std::uint64_t weight, std::uint64_t result) {
    Calls calls = numbered({call("aten::linear", 0, {content(1), content(weight)}, {content(result)})});
    calls[0].inputs[1].writer = "aten::lerp_.Scalar of Thread-1 (average)";
    return calls;
  };
  const Calls a = made(2, 5), b = made(3, 6);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::thread);
  CHECK_THAT(finding_of(divergence, a, b),
             Contains("was written by aten::lerp_.Scalar of Thread-1 (average)"));
}

TEST_CASE("a tensor that Python made is told as such, also where an earlier step made it") {
  const auto made = [](std::uint64_t data, std::uint64_t result) {
    Calls calls = numbered({call("aten::lift_fresh", 0, {content(data)}, {marked(Seen::view)}),
                            call("aten::linear", 0, {content(data)}, {content(result)})});
    calls[0].step = 0;
    calls[1].order = 0;
    return calls;
  };
  const Calls a = made(2, 5), b = made(3, 6);
  for (const std::size_t from : {std::size_t{0}, std::size_t{1}}) {
    const auto divergence = operator_divergence(a, b, from, from);
    CHECK(divergence.kind == DivergenceKind::python);
    CHECK_THAT(finding_of(divergence, a, b), Contains("a tensor that Python made (torch.tensor"));
  }
}

TEST_CASE("what differs inside a call whose own outputs are equal is found when it turns up later") {
  // cross_entropy gives an equal loss, while the softmax that it keeps differs.
  const auto made = [](std::uint64_t soft, std::uint64_t back) {
    return numbered({call("aten::cross_entropy_loss", 0, {content(1)}, {content(5)}),
                     call("aten::_log_softmax", 1, {content(1)}, {content(soft)}),
                     call("aten::nll_loss", 1, {content(soft)}, {content(5)}),
                     call("aten::nll_loss_backward", 0, {content(7), content(soft)}, {content(back)})});
  };
  const Calls a = made(10, 20), b = made(11, 21);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::result);
  CHECK(divergence.a == 1);
  CHECK(divergence.inside == std::vector<std::size_t>{0});
}

TEST_CASE("a side with fewer calls that goes on longer is told by its own call") {
  const Calls a = linear(10, 11);
  Calls b = linear(10, 11);
  b.erase(b.begin() + 1, b.begin() + 3);  // linear in one piece, to equal bits
  b.push_back(call("aten::relu", 0, {content(11)}, {content(12)}));
  b = numbered(b);
  const auto divergence = operator_divergence(a, b);
  CHECK(divergence.kind == DivergenceKind::calls);
  CHECK(finding_of(divergence, a, b) ==
        "side B calls aten::relu where side A makes no more calls (call 2 of step 1, forward)");
}

TEST_CASE("the picture of calls that one side makes inside another is taken there, not at the end") {
  const Calls a = linear(10, 11);
  Calls b = linear(20, 21);
  b.insert(b.begin() + 3, call("aten::add_", 1, {content(20)}, {content(20)}));
  b[2].outputs = {content(10)};
  b = numbered(b);
  const auto divergence = operator_divergence(a, b);
  REQUIRE(divergence.kind == DivergenceKind::calls);
  CHECK_THAT(finding_of(divergence, a, b),
             Contains("side B calls aten::add_ where side A makes no more calls"));
  const auto lines = calls_around(a, b, divergence, 1, 2);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].name == "aten::linear");
  CHECK(lines[1].name == "aten::addmm");
  CHECK(lines[2].name == "aten::add_");
  CHECK(lines[2].state == CallLine::State::only_b);
}

TEST_CASE("one operator in another phase on the other side is told with both places") {
  const Calls a = linear(10, 11);
  Calls b = a;
  b[3].phase = Phase::backward;
  CHECK_THAT(finding_of(operator_divergence(a, b), a, b),
             Contains("call 3 of step 1, forward") && Contains("call 3 of step 1, backward"));
}

TEST_CASE("other calls after an input that was not observed are not said to be the cause") {
  const auto sides = [](Seen seen, const std::string& last) {
    return numbered({call("aten::linear", 0, {content(1), marked(seen)}, {content(2)}),
                     call(last, 0, {content(2)}, {content(3)})});
  };
  const auto seen = operator_divergence(sides(Seen::content, "aten::t"), sides(Seen::content, "aten::sum"));
  CHECK(seen.kind == DivergenceKind::calls);
  CHECK(seen.lack.empty());
  const auto unseen =
      operator_divergence(sides(Seen::unobserved, "aten::t"), sides(Seen::unobserved, "aten::sum"));
  CHECK(unseen.kind == DivergenceKind::calls);
  CHECK(unseen.lack == "input 1 of aten::linear, call 0");
}
