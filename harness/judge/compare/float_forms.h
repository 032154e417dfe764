// SPDX-License-Identifier: Apache-2.0
#pragma once
// The floating-point number formats: from raw bits to values, how far two are apart in representable values,
// and how a number is rounded to a format.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "harness/trace/trace.h"

namespace reprise {

// How the bits of each float dtype become a double.
struct Float64 {
  static constexpr int digits = 53, least_exponent = -1022, most_exponent = 1023;
  using Bits = std::uint64_t;
  static double value(Bits bits) { return std::bit_cast<double>(bits); }
};
struct Float32 {
  static constexpr int digits = 24, least_exponent = -126, most_exponent = 127;
  using Bits = std::uint32_t;
  static double value(Bits bits) { return double{std::bit_cast<float>(bits)}; }
};
struct Bfloat16 {
  static constexpr int digits = 8, least_exponent = -126, most_exponent = 127;
  using Bits = std::uint16_t;
  static double value(Bits bits) { return Float32::value(std::uint32_t{bits} << 16); }
};
struct Float16 {
  static constexpr int digits = 11, least_exponent = -14, most_exponent = 15;
  using Bits = std::uint16_t;
  static double value(Bits bits) { return value_of(Loss{"F16", bits}); }
};

// Sign and magnitude become an integer whose order is the floats' order, both zeros at 0. The gap between
// two 64-bit floats does not fit a signed 64-bit integer, but fits an unsigned one.
template <class Bits>
std::uint64_t ulp_between(Bits a, Bits b) {
  constexpr Bits sign = Bits{1} << (sizeof(Bits) * 8 - 1);
  const std::uint64_t size_a = a & static_cast<Bits>(sign - 1), size_b = b & static_cast<Bits>(sign - 1);
  if ((a & sign) != (b & sign)) return size_a + size_b;
  return size_a > size_b ? size_a - size_b : size_b - size_a;
}

// Calls `work` with the form of that dtype; false for a dtype that is no float.
template <class Work>
bool with_float_form(std::string_view dtype, Work work) {
  if (dtype == "F64") return work(Float64{}), true;
  if (dtype == "F32") return work(Float32{}), true;
  if (dtype == "BF16") return work(Bfloat16{}), true;
  if (dtype == "F16") return work(Float16{}), true;
  return false;
}

// The value of the format nearest to `exact`, ties to even, subnormals and overflow as IEEE 754 has them.
template <class Form>
double rounded_to(double exact) {
  if (exact == 0 || !std::isfinite(exact)) return exact;
  const int exponent = std::max(std::ilogb(exact), Form::least_exponent);
  const int unit = exponent - (Form::digits - 1);
  // Scaling by a power of two is exact, so the number is rounded once.
  const double nearest = std::ldexp(std::nearbyint(std::ldexp(exact, -unit)), unit);
  if (nearest != 0 && std::ilogb(nearest) > Form::most_exponent)
    return std::copysign(std::numeric_limits<double>::infinity(), exact);
  return nearest;
}

}  // namespace reprise
