// SPDX-License-Identifier: Apache-2.0
#include "harness/record/tensor_digest.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "fixed_setup.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Digest of(const at::Tensor& tensor) { return digest_of(NamedTensor{"t", tensor}).digest; }

}  // namespace

TEST_CASE("a tensor's digest is that of its elements in order, whatever its layout") {
  const at::Tensor whole = at::arange(60, at::kFloat).view({3, 4, 5});
  for (const at::Tensor& view :
       {whole.transpose(0, 2), whole.narrow(1, 1, 2), whole.select(2, 3), whole.permute({1, 2, 0}),
        whole.slice(0, 0, 3, 2), whole.select(0, 1).unsqueeze(1).expand({4, 6, 5})}) {
    REQUIRE(of(view) == of(view.contiguous()));
  }
  REQUIRE(of(whole.transpose(0, 2)) != of(whole));
}

TEST_CASE("a digest tells number formats, shapes and single bits apart") {
  const at::Tensor zeros = at::zeros({4}, at::kFloat);
  REQUIRE(of(zeros) != of(at::zeros({4}, at::kInt)));
  REQUIRE(of(zeros) != of(at::zeros({2, 2}, at::kFloat)));
  REQUIRE(of(zeros) != of(at::full({4}, -0.0F, at::kFloat)));
  const TensorDigest digest = digest_of(NamedTensor{"t", at::zeros({2, 3}, at::kBFloat16)});
  REQUIRE(digest.dtype == "BF16");
  REQUIRE(digest.shape == std::vector<std::int64_t>{2, 3});
  REQUIRE(digest.leaves.size() == 1);
}

TEST_CASE("a tensor without plain memory is a sentence with its name") {
  CHECK_THAT(error_of([] { view_of(at::Tensor(), "fc1.weight"); }), Contains("fc1.weight"));
  const at::Tensor lazy = at::zeros({2}, at::kComplexFloat).conj();
  CHECK_THAT(error_of([&] { view_of(lazy, "fc1.weight"); }),
             Contains("fc1.weight") && Contains("resolve_conj"));
}

TEST_CASE("a loss keeps its raw bits") {
  const Loss loss = loss_of(at::full({}, 1.5, at::kFloat));
  REQUIRE(loss.dtype == "F32");
  REQUIRE(loss.bits == 0x3FC00000);
  REQUIRE(loss_of(at::full({1}, 1.5, at::kDouble)).bits == 0x3FF8000000000000);
  REQUIRE(loss_of(at::full({}, 1.5, at::kBFloat16)).bits == 0x3FC0);
  REQUIRE(std::isnan(value_of(loss_of(at::full({}, std::numeric_limits<double>::quiet_NaN(), at::kFloat)))));
}

TEST_CASE("a loss of many elements or of whole numbers is refused") {
  CHECK_THAT(error_of([] { loss_of(at::zeros({3}, at::kFloat)); }), Contains("one element, found 3"));
  CHECK_THAT(error_of([] { loss_of(at::zeros({}, at::kLong)); }), Contains("found I64"));
}
