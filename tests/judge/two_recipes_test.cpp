// SPDX-License-Identifier: Apache-2.0
// Two recipes that are meant to be one training: weights by name, calls by what they make.
#include <catch2/catch.hpp>

#include "drawn_trace.h"
#include "harness/base/error.h"
#include "harness/judge/explain/two_recipes.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Calls = std::vector<OpCall>;

namespace {

OpTensor content(std::uint64_t value) { return {{value, value}, "F32", {4}, Seen::content}; }

OpCall call(const std::string& name, std::int64_t depth, std::vector<OpTensor> inputs,
            std::vector<OpTensor> outputs) {
  OpCall one;
  one.name = name;
  one.depth = depth;
  one.inputs = std::move(inputs);
  one.outputs = std::move(outputs);
  return one;
}

}  // namespace

TEST_CASE("weights of two recipes are compared by name at every step, and nothing else is") {
  const Scratch folder;
  const Trace a = draw(folder.path() / "a", {});
  const Trace same = draw(folder.path() / "b", {.changes = {{Stage::rng, "generator", 1}}, .lr = 0.2});
  const auto equal = weights_divergence(a, same, {});
  CHECK(equal.same());
  CHECK(equal.steps == 10);
  CHECK(equal.compared == std::vector<std::string>{"fc1.bias", "fc1.weight"});

  const Trace other = draw(folder.path() / "c", {.changes = {{Stage::weights, "fc1.weight", 4}}, .lr = 0.2});
  const auto apart = weights_divergence(a, other, {});
  CHECK_FALSE(apart.same());
  CHECK(apart.step == 4);
  CHECK(apart.differing == std::vector<std::string>{"fc1.weight"});
}

TEST_CASE("with a step to align, rows of the second are compared with later rows of the first") {
  const Scratch folder;
  const Trace a = draw(folder.path() / "a", {});
  const auto apart = weights_divergence(a, draw(folder.path() / "b", {.lr = 0.2}), {}, 3);
  CHECK(apart.steps == 7);
  CHECK(apart.step == 0);  // drawn digests hold their step
  CHECK_THROWS_WITH(weights_divergence(a, a, {}, 10), Contains("found --align 10"));
}

TEST_CASE("weights under other names are matched by order and shape, and that is told") {
  const Scratch folder;
  const Trace a = draw(folder.path() / "a", {}),
              b = draw(folder.path() / "b", {.changes = {{Stage::weights, "fc1.weight", 4}}});
  const auto all = weights_divergence(a, b, {{"fc1.", "net.0."}});
  using Names = std::vector<std::pair<std::string, std::string>>;
  CHECK(all.by_order == Names{{"net.0.bias", "fc1.bias"}, {"net.0.weight", "fc1.weight"}});
  CHECK(all.step == 4);
  CHECK(all.differing == std::vector<std::string>{"fc1.weight"});
  CHECK(weights_divergence(a, b, {}).by_order.empty());
}

TEST_CASE(
    "weights that fit none of the other side by order and shape have no partner until they are renamed") {
  const Scratch folder;
  const Trace a = draw(folder.path() / "a", {}), b = draw(folder.path() / "b", {.more_weights = "fc2.bias"});
  CHECK_THROWS_WITH(weights_divergence(a, b, {{"fc1.", "net.0."}}),
                    Contains("found none") && Contains("net.0.bias") && Contains("fc1.bias"));
  const auto half = weights_divergence(a, b, {{"fc1.weight", "weight"}});
  CHECK(half.only_a == std::vector<std::string>{"weight"});
  CHECK_FALSE(half.same());
  CHECK(half.only_b == std::vector<std::string>{"fc1.weight", "fc2.bias"});
  // One of the same count but of another shape.
  const Trace c = draw(folder.path() / "c", {.more_weights = "fc0.bias"});
  const auto shapes = weights_divergence(c, b, {{"fc1.weight", "fc2.bias"}});
  CHECK(shapes.by_order.empty());
  CHECK(shapes.only_b == std::vector<std::string>{"fc1.weight"});
}

TEST_CASE("the first call that makes what the other side has nowhere is named, wherever it stands") {
  // Side B fetches its batch otherwise and averages by lerp; the gradient, 5, both have.
  const Calls a{call("aten::index_select", 0, {content(1)}, {content(2)}),
                call("aten::mm", 0, {content(2)}, {content(5)}),
                call("aten::mul_", 0, {content(6)}, {content(7)}),
                call("aten::add_", 0, {content(7), content(5)}, {content(8)})};
  const Calls b{call("aten::stack", 0, {content(1)}, {content(2)}),
                call("aten::mm", 0, {content(2)}, {content(5)}),
                call("aten::lerp_", 0, {content(6), content(5)}, {content(9)}),
                call("aten::addcdiv_", 0, {content(9)}, {content(10)})};
  const auto divergence = content_split(a, b);
  CHECK(divergence.kind == DivergenceKind::calls);
  CHECK(divergence.a == 2);
  CHECK(divergence.b == 2);
  CHECK(content_split(a, a).kind == DivergenceKind::none);
}

TEST_CASE(
    "one operator on the same inputs is a result, with other numbers it is these, and the innermost counts") {
  const auto nested = [](std::uint64_t made) {
    return Calls{call("aten::linear", 0, {content(1)}, {content(made)}),
                 call("aten::addmm", 1, {content(1)}, {content(made)}),
                 call("aten::relu", 0, {content(made)}, {content(made + 1)})};
  };
  const Calls a = nested(10);
  Calls b = nested(20);
  const auto result = content_split(a, b);
  CHECK(result.kind == DivergenceKind::result);
  CHECK(result.a == 1);
  CHECK(result.b == 1);
  b[1].scalars = "alpha=2";
  CHECK(content_split(a, b).kind == DivergenceKind::numbers);
}

TEST_CASE("scratch memory that one side alone fills is no partner of a call with another result") {
  const OpTensor scratch{{77, 77}, "F32", {9}, Seen::content};
  const Calls a{call("aten::fill_", 0, {}, {scratch}), call("aten::mul_", 0, {content(6)}, {content(7)})};
  const Calls b{call("aten::lerp_", 0, {content(6)}, {content(9)})};
  const auto divergence = content_split(a, b);
  CHECK(divergence.a == 1);
  CHECK(divergence.b == 0);
  const Calls alone{call("aten::fill_", 0, {}, {scratch})};
  CHECK(content_split(alone, {}).a == 0);
  CHECK(content_split(alone, {}).kind == DivergenceKind::calls);
}
