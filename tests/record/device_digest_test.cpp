// SPDX-License-Identifier: Apache-2.0
// Digests made for a device, as far as a machine without one goes; with `cuda` tensors they are in
// tests/fake_cuda.
#include "harness/record/device_digest.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <dlfcn.h>

#include <catch2/catch.hpp>

#include "fixed_setup.h"
#include "harness/record/cuda_library.h"
#include "harness/record/tensor_digest.h"
#include "harness/record/training/step_row.h"
#include "pretended_device.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Tensors some_tensors() {
  return {{"a", at::arange(5000, at::kFloat)}, {"b", at::arange(12, at::kLong).view({3, 4}).t()}};
}

}  // namespace

TEST_CASE("digests of tensors on the CPU are there at once, with their leaves") {
  const Tensors tensors = some_tensors();
  Digests digests(tensors, false);
  REQUIRE_FALSE(digests.waiting());
  const auto found = digests.take();
  REQUIRE(found.size() == 2);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const ContentDigest wanted = digest_of(view_of(tensors[i].tensor, tensors[i].name));
    REQUIRE(found[i].name == tensors[i].name);
    REQUIRE(found[i].digest == wanted.digest);
    REQUIRE((found[i].leaves == wanted.leaves));
  }
  REQUIRE(digest_place(c10::kCPU) == "cpu");
}

TEST_CASE(
    "tensors on a device that makes no digests are copied, in their order among the others, and that is "
    "said") {
  Tensors mixed = some_tensors();
  mixed.insert(mixed.begin() + 1, {"there", mixed[0].tensor.to(pretended_device)});
  Digests digests(mixed, true);
  const auto found = digests.take();
  REQUIRE(found[1].name == "there");
  REQUIRE(found[1].digest == found[0].digest);
  REQUIRE((found[1].leaves == found[0].leaves));
  REQUIRE(found[2].name == "b");
  REQUIRE(digest_of(mixed[1]).digest == found[0].digest);
  CHECK_THAT(digest_place(pretended_device), Contains("cpu: no digest is made on"));
}

TEST_CASE("a row gathers each stage's digests and the loss") {
  const Tensors tensors = some_tensors();
  StepRow row(7, true);
  row.add(Stage::weights, {tensors[0]});
  row.add(Stage::gradients, {tensors[1]});
  row.add_loss(at::full({}, 1.5, at::kFloat).to(pretended_device));
  row.begin();
  const StepRecord record = row.take();
  REQUIRE(record.step == 7);
  REQUIRE(record.checkpoint);
  const auto stage = [&](Stage which) { return record.stages[static_cast<std::size_t>(which)]; };
  REQUIRE(stage(Stage::weights).front().digest == digest_of(tensors[0]).digest);
  REQUIRE(stage(Stage::gradients).front().digest == digest_of(tensors[1]).digest);
  REQUIRE(stage(Stage::loss).front().digest == digest_of({"loss", at::full({}, 1.5, at::kFloat)}).digest);
  REQUIRE(record.loss->bits == 0x3FC00000);
  REQUIRE(stage(Stage::batch).empty());
}

TEST_CASE("a row with a loss of many elements is refused") {
  StepRow row(1, false);
  row.add_loss(at::zeros({3}, at::kFloat));
  row.begin();
  CHECK_THAT(error_of([&] { row.take(); }), Contains("one element, found 3"));
}

TEST_CASE("without a driver, or without the library, a device has no digester and a sentence says why") {
  if (::dlopen("libcuda.so.1", RTLD_LAZY) != nullptr) skip("an NVIDIA driver is here");
  const CudaDigester& digester = cuda_digester(0, nullptr);
  REQUIRE(digester.session == nullptr);
  if (cuda_library().functions == nullptr)
    CHECK_THAT(digester.trouble, Contains("libreprise_cuda.so"));
  else
    CHECK_THAT(digester.trouble, Contains("count the CUDA devices") && Contains("driver"));
}
