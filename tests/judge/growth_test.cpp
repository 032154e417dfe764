// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/growth.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/value_file.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

namespace {

struct Values {
  std::string name;
  std::vector<float> values;
  std::uint64_t elements;  // of the whole tensor
};

fs::path run_with(const fs::path& folder, const std::vector<Values>& all) {
  fs::create_directories(folder);
  std::vector<std::vector<std::int64_t>> shapes;
  shapes.reserve(all.size());
  const std::vector<std::int64_t> strides{1};
  std::vector<StoredTensor> stored;
  nlohmann::json elements;
  for (const auto& one : all) {
    shapes.push_back({std::ssize(one.values)});
    stored.push_back({one.name, {"F32", shapes.back(), strides, one.values.data(), 4}});
    elements[one.name] = one.elements;
  }
  write_safetensors(value_file(folder, 3), stored, {{"elements", elements.dump()}});
  return folder;
}

// Steps 4, 5, ...: distances of weights, and of gradients where they are given.
std::vector<ApartAt> steps(const std::vector<double>& weights, const std::vector<double>& gradients = {}) {
  std::vector<ApartAt> all;
  for (std::size_t i = 0; i < weights.size(); ++i)
    all.push_back({static_cast<std::int64_t>(4 + i), weights[i], i < gradients.size() ? gradients[i] : 0});
  return all;
}

const std::vector<double> one_ulp{6e-8, 7e-8, 9e-8, 1.2e-7};

}  // namespace

TEST_CASE("the distance of two runs is that of all their tensors taken as one") {
  const Scratch scratch;
  const auto a =
      run_with(scratch / "a", {{"gradients/w", {3}, 1}, {"weights/v", {3, 4}, 2}, {"weights/w", {12}, 1}});
  const auto b =
      run_with(scratch / "b", {{"gradients/w", {3}, 1}, {"weights/v", {3, 4}, 2}, {"weights/w", {25}, 1}});
  const ApartAt at = apart_at(a, b, 3);
  CHECK(at.step == 3);
  CHECK(at.weights == Approx(1));  // 13 of |(3, 4, 12)|
  CHECK(at.gradients == 0);
  CHECK(at.gradients_ulp == 0);
  CHECK(at.weights_ulp > 1'000'000);
  CHECK(std::isnan(at.loss));
}

TEST_CASE("a tensor of which every hundredth element was kept counts a hundredfold") {
  const Scratch scratch;
  const auto a = run_with(scratch / "a", {{"weights/large", {2}, 100}, {"weights/small", {10}, 1}});
  const auto b = run_with(scratch / "b", {{"weights/large", {2}, 100}, {"weights/small", {20}, 1}});
  CHECK(apart_at(a, b, 3).weights == Approx(10 / std::sqrt(500.0)));
}

TEST_CASE("what only one side has, or has in another shape, is no distance") {
  const Scratch scratch;
  const auto a = run_with(scratch / "a", {{"weights/v", {1, 2}, 2}, {"weights/w", {1}, 1}});
  const auto b = run_with(scratch / "b", {{"weights/v", {5}, 1}, {"weights/x", {7}, 1}});
  CHECK(std::isnan(apart_at(a, b, 3).weights));
  CHECK_THROWS_AS(apart_at(a, scratch / "nowhere", 3), Error);
}

TEST_CASE("sides that stay as near as one ULP in each weight takes them are as far apart as rounding") {
  const Growth found = growth_of(steps({1e-9, 2e-8, 3e-7, 6e-7}, {0, 1e-7}), steps(one_ulp, {0, 1e-7}), 4);
  CHECK(found.word == GrowthWord::as_rounding);
  CHECK(found.ratio == Approx(5));
  CHECK(found.sentence.starts_with(
      "As far as rounding goes: over steps 4 to 7 the two sides are at most 5 times"));
}

TEST_CASE(
    "sides that are a thousand times as far apart are far beyond rounding, from the step on where it stays "
    "so") {
  const Growth found = growth_of(steps({1e-3, 2e-3, 3e-3, 4e-3}), steps(one_ulp), 4);
  CHECK(found.word == GrowthWord::beyond);
  CHECK(found.from == 4);
  CHECK(found.sentence.find("up to 33,000 times as far apart") != std::string::npos);
  const Growth later = growth_of(steps({1e-9, 1e-7, 3e-3, 4e-3}), steps(one_ulp), 4);
  CHECK(later.word == GrowthWord::beyond);
  CHECK(later.from == 6);
  CHECK(later.sentence.starts_with("Far beyond rounding in the dtype of the weights from step 6: "));
}

TEST_CASE("gradients alone can be far beyond rounding, where a small learning rate hides it in the weights") {
  const Growth found = growth_of(steps({1e-8, 1e-8, 1e-8, 1e-8}, {0.7, 0.7, 0.7, 0.7}),
                                 steps(one_ulp, {0, 1e-7, 1e-7, 1e-7}), 4);
  CHECK(found.word == GrowthWord::beyond);
  CHECK(found.from == 5);
  CHECK(found.sentence.find("BF16") == std::string::npos);
  const Growth coarse = growth_of(steps({1e-8, 1e-8, 1e-8, 1e-8}, {0.004, 0.004, 0.004, 0.004}),
                                  steps(one_ulp, {0, 1e-7, 1e-7, 1e-7}), 4);
  CHECK(coarse.sentence.find("Rounding in a coarser format (TF32, BF16) may do that") != std::string::npos);
}

TEST_CASE("what lies between is neither, and what comes near again was never far for good") {
  CHECK(growth_of(steps({2e-5, 3e-5, 4e-5, 5e-5}), steps(one_ulp), 4).word == GrowthWord::between);
  CHECK(growth_of(steps({1e-3, 2e-3, 9e-8, 1e-7}), steps(one_ulp), 4).word == GrowthWord::between);
}

TEST_CASE("a control that has gone as far as anything goes is no measure any more") {
  const Growth found = growth_of(steps({1e-8, 1e-7, 0.5, 1}), steps({6e-8, 1e-5, 0.4, 0.9}), 4);
  CHECK(found.word == GrowthWord::as_rounding);
  CHECK(found.ratio < 1);
  CHECK(growth_of(steps({1e-8, 1, 1}), steps({6e-8, 0.5, 1}), 4).word == GrowthWord::untested);
}

TEST_CASE("without a second step, a control that moves, or a value that differs nothing is said") {
  CHECK(growth_of(steps({1e-8}), steps({6e-8}), 4).word == GrowthWord::untested);
  CHECK(growth_of(steps({1e-8, 1e-8}), steps({0, 0}), 4).word == GrowthWord::untested);
  const Growth found = growth_of(steps({0, 0, 0}), steps({6e-8, 6e-8, 6e-8}), 4);
  CHECK(found.word == GrowthWord::untested);
  CHECK(found.sentence ==
        "Whether this is rounding or another computation is untested: none of the elements that were kept as "
        "values "
        "differ.");
}

TEST_CASE("a control that came to other numbers before its weights were moved shows nothing") {
  auto control = steps({6e-8, 7e-8, 9e-8});
  control.front().weights_ulp = 1;
  CHECK(growth_of(steps({1e-8, 1e-8, 1e-8}), control, 4).word == GrowthWord::as_rounding);
  control.front().gradients_ulp = 3;
  const Growth found = growth_of(steps({1e-8, 1e-8, 1e-8}), control, 4);
  CHECK(found.word == GrowthWord::untested);
  CHECK(found.sentence.find("the training does not repeat itself") != std::string::npos);
  control.front().gradients_ulp = 0;
  control.front().weights_ulp = 2;
  CHECK(growth_of(steps({1e-8, 1e-8, 1e-8}), control, 4).word == GrowthWord::untested);
}

TEST_CASE("what is not finite on one side alone is beyond rounding") {
  const Growth found = growth_of(steps({1e-8, INFINITY, INFINITY}), steps({6e-8, 6e-8, 6e-8}), 4);
  CHECK(found.word == GrowthWord::beyond);
  CHECK(found.from == 5);
  CHECK(found.sentence ==
        "Far beyond rounding from step 5: there are weights or gradients that are not finite.");
  CHECK(to_json(found)["sides"][1]["weights"].is_null());
}

TEST_CASE("numbers of the optimizer that differ are told with both values, and are no distance of weights") {
  const Scratch scratch;
  const auto a = run_with(
      scratch / "a",
      {{"optimizer/group0.lr", {0.5}, 1}, {"optimizer/group0.momentum", {0.25}, 1}, {"weights/w", {1}, 1}});
  const auto b = run_with(
      scratch / "b",
      {{"optimizer/group0.lr", {0.75}, 1}, {"optimizer/group0.momentum", {0.25}, 1}, {"weights/w", {1}, 1}});
  Growth found;
  found.nudged = 3;
  found.numbers = numbers_apart(a, b, 3);
  REQUIRE(found.numbers.size() == 1);
  CHECK(numbers_sentence(found) ==
        "Numbers of the optimizer differ after step 3: group0.lr is 0.5 on side A and 0.75 on side B. "
        "The script sets them; no operator makes them.");
  CHECK(to_json(found)["numbers"][0]["b"] == 0.75);
  CHECK(apart_at(a, b, 3).weights == 0);
  CHECK(numbers_sentence(Growth{}).empty());
}

TEST_CASE("where no gradients were kept the verdict is of the weights alone, and says so") {
  const Growth found =
      growth_of(steps({1e-9, 2e-8}, {unknown_distance, unknown_distance}), steps({6e-8, 7e-8}), 4);
  CHECK(found.word == GrowthWord::as_rounding);
  CHECK(found.sentence.find("times as far apart, in weights (no gradients were kept), as side A") !=
        std::string::npos);
}
