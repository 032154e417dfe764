// SPDX-License-Identifier: Apache-2.0
// Sides that draw more or fewer random numbers, drawn by hand: a step of a training with a batch that is
// drawn, a forward pass, its backward pass; and evaluations before it.
#include "harness/judge/explain/uneven_draws.h"

#include <catch2/catch.hpp>

#include "harness/judge/explain/bisection.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Calls = std::vector<OpCall>;
using Where = UnevenDraws::Where;

namespace {

OpTensor content(std::uint64_t value) { return {{value, value}, "F32", {4, 8}, Seen::content}; }
OpTensor generator(std::uint64_t state) {
  return {{state, state}, std::string(generator_dtype), {5056}, Seen::content};
}

KnownPlace at_line(std::int64_t line) {
  CodePlace place{"train.py", line, "<module>", "net(torch.randn(4, 8))", "", "", ""};
  return {std::make_shared<CodePlace>(place)};
}

// A step that is written down call by call; every draw moves the generator.
struct Written {
  Calls calls = {};
  std::uint64_t state = 1000;

  Written& call(const std::string& name, std::int64_t line, std::int64_t sequence,
                Phase phase = Phase::forward, std::int64_t depth = 0) {
    OpCall one;
    one.step = 10;
    one.phase = phase;
    one.order = static_cast<std::int64_t>(calls.size());
    one.depth = depth;
    one.sequence = sequence;
    one.name = name;
    one.inputs = {content(1)};
    one.outputs = {content(calls.size())};
    one.place = at_line(line);
    calls.push_back(one);
    return *this;
  }
  Written& draw(const std::string& name, std::int64_t line, std::int64_t sequence = -1,
                std::int64_t depth = 0) {
    call(name, line, sequence, Phase::forward, depth);
    if (name == "aten::randn") calls.back().inputs.clear();  // it is made of nothing
    calls.back().inputs.push_back(generator(state++));
    return *this;
  }
  // An evaluation without gradients, of one batch.
  Written& evaluation() {
    draw("aten::randn", 10).call("aten::linear", 10, -1).draw("aten::dropout", 10);
    --state;
    return draw("aten::bernoulli_", 10, -1, 1);
  }
  Written& training(std::int64_t node = 81) {
    draw("aten::randn", 6).call("aten::linear", 6, node).draw("aten::dropout", 6, node + 2);
    call("aten::mul", 7, node + 2, Phase::backward).call("aten::mm", 7, node, Phase::backward);
    return call("aten::add_", 8, -1, Phase::optimizer);
  }
};

struct Told {
  std::optional<UnevenDraws> uneven;
  bool parts = false;
};
Told told(const Written& a, const Written& b) {
  Told one{uneven_draws(a.calls, b.calls, 0, 0)};
  if (one.uneven)
    one.parts = part_by(*one.uneven, operator_divergence(a.calls, b.calls), a.calls, b.calls, 0, 0);
  return one;
}

}  // namespace

TEST_CASE("an evaluation of more batches is told with its lines and counts, and no call is accused") {
  const auto a = Written().evaluation().training(),
             b = Written().evaluation().evaluation().evaluation().training();
  const auto [uneven, parts] = told(a, b);
  REQUIRE(uneven);
  CHECK(parts);
  CHECK(uneven->where == Where::between);
  REQUIRE(uneven->draws.size() == 2);
  CHECK(uneven->draws[1].inside == "aten::bernoulli_");
  CHECK(to_sentence(*uneven) ==
        "between step 9 and step 10 side B draws more random numbers than side A: aten::randn of "
        "train.py:10, 1 call on "
        "side A and 3 on side B (32 and 96 values); aten::dropout (by aten::bernoulli_) of train.py:10, 1 "
        "call on side A "
        "and 3 on side B (32 and 96 values)");
  const auto lines = line_sentences(*uneven);
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[0], Contains("aten::randn was called at train.py:10: net(torch.randn(4, 8))."));
  CHECK_THAT(lines[2],
             Contains("after the optimizer's step 9 and before the first call that the backward pass of "
                      "step 10 goes through") &&
                 Contains("aten::dropout is called there with gradients switched off"));
}

TEST_CASE("evaluations that draw as often on both sides are no reason") {
  const auto a = Written().evaluation().training();
  CHECK_FALSE(told(a, a).uneven);
}

TEST_CASE("a generator that the script hands over is another stream") {
  auto b = Written().draw("aten::randn", 10).training();
  b.calls[0].scalars = "size=[4,8] generator=Generator";
  CHECK_FALSE(told(Written().training(), b).uneven);
  b.calls[0].scalars = "size=[4,8] generator=none";
  CHECK(told(Written().training(), b).uneven);
}

TEST_CASE(
    "what a forward pass draws more belongs to the step, and the other way of the program is the answer") {
  auto more = Written().draw("aten::randn", 6).call("aten::linear", 6, 81).draw("aten::dropout", 6, 83);
  more.draw("aten::dropout", 9, 84).call("aten::mm", 7, 81, Phase::backward);
  const auto less = Written()
                        .draw("aten::randn", 6)
                        .call("aten::linear", 6, 81)
                        .draw("aten::dropout", 6, 83)
                        .call("aten::mm", 7, 81, Phase::backward);
  const auto [uneven, parts] = told(less, more);
  REQUIRE(uneven);
  CHECK(uneven->where == Where::before_backward);
  CHECK_FALSE(parts);
  CHECK_THAT(to_sentence(*uneven), Contains("in step 10, before its backward pass, side B draws more"));
}

TEST_CASE("a second forward pass of a step, as where gradients are accumulated, is not between two steps") {
  auto more = Written().training();
  const auto second = Written().training(90);
  for (const auto& call : second.calls) more.calls.push_back(call);
  const auto [uneven, parts] = told(Written().training(), more);
  REQUIRE(uneven);
  CHECK(uneven->where == Where::in_step);
  CHECK_FALSE(parts);
}

TEST_CASE("a draw from what the backward pass goes through is not before it, whatever is drawn from first") {
  // A dropout of the data makes no node of its own, and stands before the first one all the same.
  const auto pass = Written()
                        .draw("aten::dropout", 6, 81)
                        .call("aten::linear", 6, 81)
                        .call("aten::mm", 7, 81, Phase::backward);
  CHECK(begin_of_pass(pass.calls, 0) == 0);
  // A node that no call shows (a checkpointed module): where the pass begins cannot be told.
  const auto hidden = Written()
                          .draw("aten::dropout", 6, -1)
                          .call("aten::mse_loss", 6, 82)
                          .call("aten::mm", 7, 81, Phase::backward);
  CHECK_FALSE(begin_of_pass(hidden.calls, 0));
  // A validation with gradients on, without a backward pass, is before it.
  const auto validated = Written()
                             .call("aten::linear", 5, 70)
                             .call("aten::linear", 6, 81)
                             .call("aten::mm", 7, 81, Phase::backward);
  CHECK(begin_of_pass(validated.calls, 0) == 1);
  // A graph that an earlier step made.
  const auto kept = Written().call("aten::linear", 6, 81).call("aten::mm", 7, 12, Phase::backward);
  CHECK_FALSE(begin_of_pass(kept.calls, 0));
  CHECK_FALSE(begin_of_pass(Written().call("aten::linear", 6, 81).calls, 0));
}

TEST_CASE("one call of other numbers at one place stays what is told") {
  auto a = Written().evaluation().training(), b = Written().evaluation().evaluation().training();
  a.calls[0].scalars = "size=[4,8]";
  b.calls[0].scalars = "size=[5,8]";
  const auto [uneven, parts] = told(a, b);
  REQUIRE(uneven);
  CHECK_FALSE(parts);
}

TEST_CASE("where another thread draws too, the order is chance and counts say nothing") {
  auto b = Written().evaluation().training();
  OpCall other = b.calls.front();
  other.thread = "Thread-1 (prefetch)";
  b.calls.push_back(other);
  CHECK_FALSE(told(Written().training(), b).uneven);
}

TEST_CASE("one operator at two lines of the script is another call, not one with other inputs") {
  auto batch = Written().call("aten::mul", 6, -1), both = Written().call("aten::mul", 10, -1);
  both.calls[0].inputs = {content(3)};
  auto edited = both;
  both.call("aten::mul", 6, -1);
  const auto divergence = operator_divergence(batch.calls, both.calls);
  CHECK(divergence.kind == DivergenceKind::calls);
  CHECK(finding_of(divergence, batch.calls, both.calls) ==
        "side B calls aten::mul (call 0 of step 10, forward, train.py:10) where side A calls aten::mul (call "
        "0 of step "
        "10, forward, train.py:6)");
  // A line that was edited, so that no side has both.
  CHECK(operator_divergence(batch.calls, edited.calls).kind == DivergenceKind::outside);
}
