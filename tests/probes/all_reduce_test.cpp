// SPDX-License-Identifier: Apache-2.0
// Sums over ranks that are threads: each rank has them, in the same bits.
#include "probes/ranks/all_reduce.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/stack.h>

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("every rank has the sum of all parts, and the parts stay as they are") {
  const at::Tensor numbers = at::arange(100003, at::kFloat);
  const at::Tensor parts = at::stack({numbers, numbers * 2, numbers * 4}), before = parts.clone();
  const Tensors sums = all_reduced(parts);
  REQUIRE(sums.size() == 3);
  for (const auto& sum : sums) REQUIRE(at::equal(sum.tensor, numbers * 7));
  REQUIRE(at::equal(parts, before));
  REQUIRE(sums[2].name == "rank 2");
}

TEST_CASE("ranks have equal bits where the numbers cannot be added exactly") {
  const at::Tensor thirds = 1 / (at::arange(100003, at::kFloat) + 3);
  for (const std::int64_t ranks : {2, 3}) {
    std::vector<at::Tensor> parts;
    for (std::int64_t i = 0; i < ranks; ++i) parts.push_back(thirds * (static_cast<double>(i) + 0.7));
    const Tensors sums = all_reduced(at::stack(parts));
    for (const auto& sum : sums) REQUIRE(at::equal(sum.tensor, sums[0].tensor));
  }
}
