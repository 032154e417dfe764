// SPDX-License-Identifier: Apache-2.0
// One call on both sides, element by element; and rounding to each number format.
#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "harness/judge/compare/float_forms.h"
#include "harness/judge/explain/call_distance.h"
#include "harness/tensor/safetensors.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

template <class T>
void write_call(const std::filesystem::path& path, const std::string& dtype, const std::vector<T>& input,
                const std::vector<T>& output, const std::string& name = "aten::sum") {
  const std::vector<std::int64_t> in{static_cast<std::int64_t>(input.size())}, one{1};
  const std::vector<std::int64_t> out{2, static_cast<std::int64_t>(output.size()) / 2};
  const std::vector<std::int64_t> strides{out[1], 1};
  write_safetensors(path,
                    {{"input/0", {dtype, in, one, input.data(), sizeof(T)}},
                     {"output/0", {dtype, out, strides, output.data(), sizeof(T)}}},
                    {{"operator", name}, {"overload", "dim"}});
}

}  // namespace

TEST_CASE(
    "a call's outputs are compared element by element, in hex and against the correctly rounded answer") {
  const Scratch scratch;
  const float one = 1.0F, next = std::nextafter(1.0F, 2.0F);
  write_call<float>(scratch / "a", "F32", {1, 2}, {0.5F, one, one, 4});
  write_call<float>(scratch / "b", "F32", {1, 2}, {0.5F, one, next, 4});
  const double exact = 1.0 + 0.9 * std::ldexp(1.0, -23);  // nearer to `next`
  write_call<double>(scratch / "exact", "F64", {1, 2}, {0.5, 1, exact, 4});
  const auto found = call_distance(scratch / "a", scratch / "b", scratch / "exact");
  CHECK(found.name == "aten::sum.dim");
  CHECK(found.inputs_equal);
  CHECK(found.outputs_compared == 1);
  REQUIRE(found.outputs.size() == 1);
  const auto& output = found.outputs[0];
  CHECK(output.distance.differing == 1);
  CHECK(output.distance.max_ulp == 1);
  REQUIRE(output.first);
  CHECK(output.first->index == std::vector<std::int64_t>{1, 0});
  CHECK(output.first->hex_a == "0x3f800000");
  CHECK(output.first->hex_b == "0x3f800001");
  REQUIRE(output.ulp.size() == 1);
  CHECK(output.ulp[0].elements == 1);
  REQUIRE(output.rounded);
  CHECK(output.rounded->elements == 4);
  CHECK(output.rounded->right_a == 3);
  CHECK(output.rounded->right_b == 4);
}

TEST_CASE("other inputs are noticed, and other calls are refused") {
  const Scratch scratch;
  write_call<float>(scratch / "a", "F32", {1, 2}, {1, 2});
  write_call<float>(scratch / "b", "F32", {1, 3}, {1, 2});
  write_call<float>(scratch / "c", "F32", {1, 2}, {1, 2}, "aten::mean");
  const auto found = call_distance(scratch / "a", scratch / "b", std::nullopt);
  CHECK_FALSE(found.inputs_equal);
  CHECK(found.outputs.empty());
  CHECK_THROWS_WITH(call_distance(scratch / "a", scratch / "c", std::nullopt), Contains("different calls"));
}

TEST_CASE("a number is rounded to a format as the processor rounds it, ties, subnormals and overflow too") {
  for (const double value : {1.0 + std::ldexp(1.0, -24), 1.0 + 3 * std::ldexp(1.0, -24), 0.1, -3.7e-42, 1e39,
                             -1e-50, 3.4028235677973366e38, 1.1754943508222875e-38})
    CHECK(rounded_to<Float32>(value) == double{static_cast<float>(value)});
  CHECK(rounded_to<Bfloat16>(1.00390625) == 1.0);       // a tie goes to the even neighbour
  CHECK(rounded_to<Bfloat16>(1.01171875) == 1.015625);  // the other way
  CHECK(rounded_to<Float16>(65519.0) == 65504.0);
  CHECK(std::isinf(rounded_to<Float16>(65520.0)));
  CHECK(rounded_to<Float16>(std::ldexp(1.0, -25)) == 0.0);  // a tie with zero
  CHECK(rounded_to<Float64>(0.1) == 0.1);
}

TEST_CASE("elements that differ are counted by powers of two of their distance") {
  const Scratch scratch;
  std::vector<float> a(6, 1.0F), b;
  for (const std::uint32_t ulp : {0U, 1U, 2U, 3U, 4U, 5U})
    b.push_back(std::bit_cast<float>(0x3f800000U + ulp));
  write_call<float>(scratch / "a", "F32", {1}, a);
  write_call<float>(scratch / "b", "F32", {1}, b);
  const auto found = call_distance(scratch / "a", scratch / "b", std::nullopt);
  REQUIRE(found.outputs.size() == 1);
  std::vector<std::array<std::uint64_t, 3>> bins;
  for (const auto& bin : found.outputs[0].ulp) bins.push_back({bin.low, bin.high, bin.elements});
  CHECK(bins == std::vector<std::array<std::uint64_t, 3>>{{1, 1, 1}, {2, 2, 1}, {3, 4, 2}, {5, 8, 1}});
  CHECK_FALSE(found.outputs[0].rounded);
}

TEST_CASE("a zero is right with the right sign alone, and no number where none is right") {
  const Scratch scratch;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto none = static_cast<float>(nan);
  write_call<float>(scratch / "a", "F32", {1}, {0.0F, 0.0F});
  write_call<float>(scratch / "b", "F32", {1}, {-0.0F, none});
  write_call<double>(scratch / "exact", "F64", {1}, {-1e-60, nan});
  const auto found = call_distance(scratch / "a", scratch / "b", scratch / "exact");
  REQUIRE(found.outputs.size() == 1);
  REQUIRE(found.outputs[0].rounded);
  CHECK(found.outputs[0].rounded->right_a == 0);
  CHECK(found.outputs[0].rounded->right_b == 2);
}
