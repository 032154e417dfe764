// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/ulp.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace reprise;

namespace {

template <class T>
TensorDistance between(std::string_view dtype, const std::vector<T>& a, const std::vector<T>& b) {
  return distance_of(dtype, std::as_bytes(std::span(a)), std::as_bytes(std::span(b)));
}

constexpr std::uint64_t saturated = std::numeric_limits<std::uint64_t>::max();
const float infinity = std::numeric_limits<float>::infinity();
const float nan_value = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST_CASE("equal tensors are at no distance, NaN with equal bits among them") {
  const auto distance = between<float>("F32", {1, -2, nan_value}, {1, -2, nan_value});
  CHECK(distance.elements == 3);
  CHECK(distance.differing == 0);
  CHECK(distance.max_ulp == 0);
  CHECK(distance.relative_l2 == 0);
}

TEST_CASE("neighbouring floats are 1 ULP apart") {
  const auto distance = between<float>("F32", {1, 4}, {std::nextafter(1.0F, 2.0F), 4});
  CHECK(distance.differing == 1);
  CHECK(distance.max_ulp == 1);
  CHECK(distance.max_absolute == std::ldexp(1.0, -23));
  CHECK(distance.relative_l2 == Approx(std::ldexp(1.0, -23) / std::sqrt(17.0)));
}

TEST_CASE("ULP are counted across zero and the two zeros are 0 apart") {
  const float least = std::numeric_limits<float>::denorm_min();
  CHECK(between<float>("F32", {-least}, {least}).max_ulp == 2);
  const auto zeros = between<float>("F32", {0.0F}, {-0.0F});
  CHECK(zeros.differing == 1);
  CHECK(zeros.max_ulp == 0);
  CHECK(zeros.relative_l2 == 0);
}

TEST_CASE("ULP of the narrow and the wide formats") {
  CHECK(between<double>("F64", {1.0}, {std::nextafter(1.0, 0.0)}).max_ulp == 1);
  CHECK(between<double>("F64", {-INFINITY}, {INFINITY}).max_ulp == 2 * 0x7FF0000000000000U);
  // 1.0 and its neighbour: bfloat16 0x3F80, 0x3F81; float16 0x3C00, 0x3C01.
  const auto bf16 = between<std::uint16_t>("BF16", {0x3F80}, {0x3F81});
  CHECK(bf16.max_ulp == 1);
  CHECK(bf16.max_absolute == std::ldexp(1.0, -7));
  const auto f16 = between<std::uint16_t>("F16", {0x3C00, 0xC000}, {0x3C01, 0xC000});
  CHECK(f16.max_ulp == 1);
  CHECK(f16.max_absolute == std::ldexp(1.0, -10));
}

TEST_CASE("NaN on one side saturates the ULP and makes the distance infinite") {
  const auto distance = between<float>("F32", {1, 2}, {1, nan_value});
  CHECK(distance.differing == 1);
  CHECK(distance.max_ulp == saturated);
  CHECK(std::isinf(distance.max_absolute));
  CHECK(std::isinf(distance.relative_l2));
}

TEST_CASE("an infinity is a countable number of ULP away, at an infinite distance") {
  const auto distance = between<float>("F32", {std::numeric_limits<float>::max(), 1}, {infinity, 1});
  CHECK(distance.max_ulp == 1);
  CHECK(std::isinf(distance.max_absolute));
  CHECK(std::isinf(distance.relative_l2));
}

TEST_CASE("elements that are not finite on both sides leave the relative distance alone") {
  const auto distance = between<float>("F32", {3, 4, nan_value, infinity}, {3, 5, nan_value, infinity});
  CHECK(distance.differing == 1);
  CHECK(distance.relative_l2 == Approx(0.2));
}

TEST_CASE("a difference from all zeros has an infinite relative distance") {
  CHECK(std::isinf(between<float>("F32", {0, 0}, {0, 1}).relative_l2));
}

TEST_CASE("integers are compared, not measured") {
  const auto distance = between<std::int64_t>("I64", {1, 2, 3}, {1, 5, 4});
  CHECK(distance.elements == 3);
  CHECK(distance.differing == 2);
  CHECK(distance.max_ulp == 0);
  CHECK(distance.max_absolute == 0);
}
