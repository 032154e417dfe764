// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/ulp.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "harness/base/error.h"
#include "harness/trace/safetensors.h"
#include "harness/trace/trace.h"

namespace reprise {
namespace {

using Span = std::span<const std::byte>;

// How the bits of each float dtype become a double.
struct Float64 {
  using Bits = std::uint64_t;
  static double value(Bits bits) { return std::bit_cast<double>(bits); }
};
struct Float32 {
  using Bits = std::uint32_t;
  static double value(Bits bits) { return double{std::bit_cast<float>(bits)}; }
};
struct Bfloat16 {
  using Bits = std::uint16_t;
  static double value(Bits bits) { return Float32::value(std::uint32_t{bits} << 16); }
};
struct Float16 {
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

// One pair of elements whose bits differ, taken into the distance; gives back its square.
double add_difference(double a, double b, std::uint64_t ulp, TensorDistance& distance) {
  const bool number = !std::isnan(a) && !std::isnan(b);
  distance.max_ulp = std::max(distance.max_ulp, number ? ulp : std::numeric_limits<std::uint64_t>::max());
  const double gap = std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) : INFINITY;
  distance.max_absolute = std::max(distance.max_absolute, gap);
  return gap * gap;
}

template <class Form>
void measure(Span a, Span b, TensorDistance& distance) {
  double squares = 0, reference = 0;
  for (std::size_t i = 0; i < distance.elements; ++i) {
    typename Form::Bits left, right;
    std::memcpy(&left, a.data() + i * sizeof left, sizeof left);
    std::memcpy(&right, b.data() + i * sizeof right, sizeof right);
    const double value = Form::value(left);
    if (std::isfinite(value)) reference += value * value;
    if (left == right) continue;
    ++distance.differing;
    squares += add_difference(value, Form::value(right), ulp_between(left, right), distance);
  }
  if (squares > 0)
    distance.relative_l2 =
        reference > 0 && std::isfinite(squares) ? std::sqrt(squares / reference) : INFINITY;
}

void count_differing(Span a, Span b, std::size_t width, TensorDistance& distance) {
  for (std::size_t i = 0; i < distance.elements; ++i)
    if (std::memcmp(a.data() + i * width, b.data() + i * width, width) != 0) ++distance.differing;
}

}  // namespace

TensorDistance distance_of(std::string_view dtype, Span a, Span b) {
  check(a.size() == b.size(), "tensors of one shape have one size");
  const std::size_t width = element_bytes(dtype);
  TensorDistance distance;
  distance.elements = a.size() / width;
  if (dtype == "F64")
    measure<Float64>(a, b, distance);
  else if (dtype == "F32")
    measure<Float32>(a, b, distance);
  else if (dtype == "BF16")
    measure<Bfloat16>(a, b, distance);
  else if (dtype == "F16")
    measure<Float16>(a, b, distance);
  else
    count_differing(a, b, width, distance);
  return distance;
}

}  // namespace reprise
