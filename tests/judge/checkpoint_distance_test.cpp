// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>

#include "harness/base/error.h"
#include "harness/judge/compare/diff.h"
#include "harness/tensor/safetensors.h"
#include "judge/drawn_trace.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

namespace {

// Keeps a checkpoint of two tensors beside a drawn trace.
void keep(const fs::path& run, std::int64_t step, const std::vector<float>& weight) {
  const std::vector<float> bias = {1, 2};
  const std::int64_t weights = static_cast<std::int64_t>(weight.size()), biases = 2, one = 1;
  fs::create_directories(run / "checkpoints");
  write_safetensors(run / "checkpoints" / fmt::format("step-{:08}.safetensors", step),
                    {{"weights/fc1.bias", {"F32", {&biases, 1}, {&one, 1}, bias.data(), 4}},
                     {"weights/fc1.weight", {"F32", {&weights, 1}, {&one, 1}, weight.data(), 4}}},
                    {});
}

Diff compared(const Scratch& scratch) {
  DrawnTrace other;
  other.changes = {{Stage::weights, "fc1.weight", 4}};
  return compare({{"a", draw(scratch / "a", {})}, {"b", draw(scratch / "b", other)}});
}

}  // namespace

TEST_CASE("the tensors of the last checkpoint that both runs kept are measured") {
  Scratch scratch;
  keep(scratch / "a", 5, {1, 1, 1});
  keep(scratch / "b", 5, {9, 9, 9});
  keep(scratch / "a", 10, {3, 4, 0});
  keep(scratch / "b", 10, {3, std::nextafter(4.0F, 5.0F), 0});
  const auto diff = compared(scratch);
  REQUIRE(diff.divergences[0].distance);
  const auto& distance = *diff.divergences[0].distance;
  CHECK(distance.step == 10);
  CHECK(distance.tensors_compared == 2);
  REQUIRE(distance.tensors.size() == 1);
  const auto& tensor = distance.tensors[0];
  CHECK(tensor.name == "weights/fc1.weight");
  CHECK(tensor.elements == 3);
  CHECK(tensor.differing == 1);
  CHECK(tensor.max_ulp == 1);
  CHECK(tensor.max_absolute == std::ldexp(1.0, -21));
  CHECK(tensor.relative_l2 == Approx(std::ldexp(1.0, -21) / 5));
}

TEST_CASE("an earlier checkpoint serves where the last was kept by one side only") {
  Scratch scratch;
  keep(scratch / "a", 5, {1, 1});
  keep(scratch / "b", 5, {1, 2});
  keep(scratch / "a", 10, {1, 1});
  CHECK(compared(scratch).divergences[0].distance->step == 5);
}

TEST_CASE("without a checkpoint in common there is no distance") {
  Scratch scratch;
  keep(scratch / "a", 10, {1});
  CHECK_FALSE(compared(scratch).divergences[0].distance);
}

TEST_CASE("tensors of other shapes are not measured") {
  Scratch scratch;
  keep(scratch / "a", 10, {1, 2, 3});
  keep(scratch / "b", 10, {1, 2});
  const auto diff = compared(scratch);
  REQUIRE(diff.divergences[0].distance);
  CHECK(diff.divergences[0].distance->tensors_compared == 1);
  CHECK(diff.divergences[0].distance->tensors.empty());
}

TEST_CASE("a damaged checkpoint is trouble that names the file") {
  Scratch scratch;
  keep(scratch / "a", 10, {1});
  fs::create_directories(scratch / "b" / "checkpoints");
  std::ofstream(scratch / "b" / "checkpoints" / "step-00000010.safetensors") << "not a checkpoint";
  CHECK_THROWS_WITH(compared(scratch), Catch::Contains("step-00000010.safetensors"));
}
