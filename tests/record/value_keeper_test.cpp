// SPDX-License-Identifier: Apache-2.0
#include "harness/record/value_keeper.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "harness/tensor/safetensors.h"
#include "harness/trace/value_file.h"
#include "scratch.h"

using namespace reprise;

namespace {

std::vector<float> floats_of(const Checkpoint& file, const std::string& name) {
  for (const auto& tensor : file.tensors()) {
    if (tensor.name != name) continue;
    const auto bytes = file.read(tensor);
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  return {};
}

}  // namespace

TEST_CASE("weights and gradients of the steps asked for are kept, by name, and of no other step") {
  const Scratch scratch;
  ValueKeeper keeper({.first = 2, .last = 3}, scratch.path());
  const State state{.batch = {},
                    .gradients = {{"w", at::full({2}, 5.0)}},
                    .weights = {{"w", at::arange(3).to(at::kFloat)},
                                {"count", at::full({1}, 7, at::kLong)},
                                {"one", at::full({}, 2.0)}},
                    .optimizer = {{"lr", at::full({}, 0.5)}, {"momentum", at::full({3}, 0.5)}}};
  for (std::int64_t step = 1; step <= 4; ++step) see_all(keeper, step, state);
  REQUIRE_FALSE(std::filesystem::exists(value_file(scratch.path(), 1)));
  REQUIRE_FALSE(std::filesystem::exists(value_file(scratch.path(), 4)));
  const Checkpoint file(value_file(scratch.path(), 3));
  REQUIRE(file.tensors().size() == 5);  // the generator's state too
  REQUIRE(floats_of(file, "optimizer/lr") == std::vector<float>{0.5});
  REQUIRE(floats_of(file, "weights/w") == std::vector<float>{0, 1, 2});
  REQUIRE(floats_of(file, "gradients/w") == std::vector<float>{5, 5});
  REQUIRE(file.metadata().at("elements") ==
          R"({"gradients/w":2,"optimizer/lr":1,"rng/torch.cpu":632,"weights/one":1,"weights/w":3})");
}

TEST_CASE("of a large tensor evenly spaced elements are kept, whatever its strides") {
  const Scratch scratch;
  ValueKeeper keeper({.first = 1, .last = 1}, scratch.path());
  const at::Tensor rows = at::arange(100 * 101).to(at::kFloat).reshape({100, 101});
  see_all(keeper, 1, {{}, {}, {{"rows", rows}, {"columns", rows.t()}}, {}});
  const Checkpoint file(value_file(scratch.path(), 1));
  const auto kept = floats_of(file, "weights/rows"), turned = floats_of(file, "weights/columns");
  REQUIRE(kept.size() == 3367);  // every third of 10,100
  REQUIRE(kept[0] == 0);
  REQUIRE(kept[1] == 3);
  REQUIRE(kept.back() == 10098);
  REQUIRE(turned[1] == 303);  // in the order of the tensor, not of its memory
}

TEST_CASE("the control moves each weight by one ULP after its step, and nothing else, and once") {
  const Scratch scratch;
  ValueKeeper keeper({.first = 3, .last = 3, .nudged = 2}, scratch.path());
  const at::Tensor base = at::full({4, 2}, 1.5), weight = base.t(), count = at::full({1}, 7, at::kLong),
                   gradient = at::full({2}, 1.5);
  const State state{{}, {{"w", gradient}}, {{"w", weight}, {"count", count}}, {}};
  for (std::int64_t step = 1; step <= 3; ++step) see_all(keeper, step, state);
  for (std::int64_t i = 0; i < 8; ++i) REQUIRE(base.data_ptr<float>()[i] == std::nextafter(1.5F, 2.0F));
  REQUIRE(count.item<std::int64_t>() == 7);
  REQUIRE(gradient.data_ptr<float>()[0] == 1.5F);
  REQUIRE(floats_of(Checkpoint(value_file(scratch.path(), 3)), "weights/w")[7] == std::nextafter(1.5F, 2.0F));
}

TEST_CASE("where operators are traced and no values are wanted, the states of generators alone are kept") {
  const Scratch scratch;
  Watch watch;
  watch.ops.first = watch.ops.last = 2;
  ValueKeeper keeper = ValueKeeper::of(watch, scratch.path());
  for (std::int64_t step = 1; step <= 3; ++step) see_all(keeper, step, {{}, {}, {{"w", at::arange(3)}}, {}});
  REQUIRE_FALSE(std::filesystem::exists(value_file(scratch.path(), 1)));
  REQUIRE_FALSE(std::filesystem::exists(value_file(scratch.path(), 3)));
  const Checkpoint file(value_file(scratch.path(), 2));
  REQUIRE(file.tensors().size() == 1);
  REQUIRE(file.tensors()[0].name == "rng/torch.cpu");
}
