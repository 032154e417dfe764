// SPDX-License-Identifier: Apache-2.0
// A finding in the terms of the script: drawn by hand, so that the right words are known.
#include <catch2/catch.hpp>

#include "harness/judge/explain/bisection.h"
#include "harness/judge/explain/calls_around.h"
#include "harness/judge/explain/code_lines.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Calls = std::vector<OpCall>;
using Sentences = std::vector<std::string>;

namespace {

KnownPlace place(std::int64_t line, const std::string& source = "x = self.fc(x)") {
  return {std::make_shared<const CodePlace>(CodePlace{.file = "train.py",
                                                      .line = line,
                                                      .function = "Model.forward",
                                                      .source = source,
                                                      .part = {},
                                                      .module = "h.0.fc (Linear)",
                                                      .through = {}})};
}

OpTensor content(std::uint64_t value) { return {{value, value}, "F32", {4}, Seen::content}; }

OpCall call(const std::string& name, std::uint64_t in, std::uint64_t out, const KnownPlace& where) {
  OpCall one;
  one.step = 1;
  one.name = name;
  one.inputs = {content(in)};
  one.outputs = {content(out)};
  one.place = where;
  return one;
}

OperatorDivergence split(DivergenceKind kind, std::size_t at) {
  OperatorDivergence divergence;
  divergence.kind = kind;
  divergence.a = divergence.b = at;
  return divergence;
}

}  // namespace

TEST_CASE("the guilty call is told with its line, its module and the finding names it") {
  const Calls a = {call("aten::addmm", 1, 2, place(18))}, b = {call("aten::addmm", 1, 3, place(18))};
  const auto divergence = operator_divergence(a, b);
  CHECK(finding_of(divergence, a, b) == "aten::addmm, call 0 of step 1, forward, train.py:18");
  CHECK(line_sentences(a, b, divergence) ==
        Sentences{"aten::addmm was called at train.py:18 in Model.forward: x = self.fc(x), in module h.0.fc "
                  "(Linear)."});
  CHECK(calls_around(a, b, divergence, 1, 1).at(0).place == "train.py:18");
}

TEST_CASE("a call of a backward pass is told by the line whose gradient it computes") {
  OpCall one = call("aten::mm", 1, 2, place(30, "loss.backward()"));
  one.phase = Phase::backward;
  CHECK_THAT(line_sentences(one).at(0),
             Contains("aten::mm was called in a backward pass, from train.py:30 in Model.forward: loss"));
  one.forward = place(18);
  const Calls a = {one};
  CHECK(finding_of(split(DivergenceKind::result, 0), a, a) ==
        "aten::mm, call 0 of step 1, backward, of train.py:18");
  CHECK_THAT(line_sentences(one).at(0),
             Contains("aten::mm computes the gradient of train.py:18 in Model.forward: x = self.fc(x)") &&
                 Contains("the backward pass was begun at train.py:30"));
}

TEST_CASE("a line that is not known is said to be so, and none is told of a program that has none") {
  const Calls a = {call("aten::addmm", 1, 2, {}), call("aten::relu", 2, 3, place(4))};
  CHECK(line_sentences(a, a, split(DivergenceKind::result, 0)) ==
        Sentences{"Which line of the script called aten::addmm is not known."});
  const Calls none = {call("aten::addmm", 1, 2, {})};
  CHECK(line_sentences(none, none, split(DivergenceKind::result, 0)).empty());
  CHECK(line_sentences(none[0]).empty());
  const CodePlace compiled{"train.py", 0, "fused", "", "", "", ""};
  CHECK(to_text(compiled) == "train.py in fused (compiled, so which line is not known)");
  const Calls gone = {call("aten::addmm", 1, 2, place(18, ""))};
  CHECK_THAT(line_sentences(gone[0]).at(0), Contains("the text of that line is not at hand"));
}

TEST_CASE("sides that call from other lines are told one by one") {
  const Calls a = {call("aten::relu", 1, 2, place(4, "relu(x)"))},
              b = {call("aten::gelu", 1, 2, place(6, "gelu(x)"))};
  const auto said = line_sentences(a, b, split(DivergenceKind::calls, 0));
  REQUIRE(said.size() == 2);
  CHECK_THAT(said[0], Contains("aten::relu of side A was called at train.py:4"));
  CHECK_THAT(said[1], Contains("aten::gelu of side B was called at train.py:6"));
}

TEST_CASE("where Python made a tensor is told only if one line made that content") {
  Calls calls = {call("aten::lift_fresh", 7, 7, place(8, "ids = torch.tensor(words)")),
                 call("aten::embedding", 7, 9, place(12))};
  CHECK(made_at(calls, 1, 0) == place(8, "ids = torch.tensor(words)"));
  CHECK_THAT(
      finding_of(split(DivergenceKind::python, 1), calls, calls),
      Contains("a tensor that Python made (train.py:8: ids = torch.tensor(words)), so the data differs"));
  calls.insert(calls.begin(), call("aten::lift_fresh", 7, 7, place(3, "same = torch.tensor(others)")));
  CHECK_FALSE(made_at(calls, 2, 0));
  CHECK_THAT(finding_of(split(DivergenceKind::python, 2), calls, calls),
             Contains("(torch.tensor, torch.from_numpy)"));
  CHECK_FALSE(made_at(calls, 2, 5));
}
