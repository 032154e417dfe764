// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/ulp.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "harness/base/error.h"
#include "harness/trace/safetensors.h"

namespace reprise {
namespace {

// What a floating-point dtype is: how wide, and how its bits become a double.
struct FloatForm {
  int bits;
  double (*value)(std::uint64_t bits);
};

double half_value(std::uint64_t bits) {
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const double fraction = static_cast<double>(bits & 1023);
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

std::optional<FloatForm> float_form(std::string_view dtype) {
  if (dtype == "F64") return FloatForm{64, [](std::uint64_t bits) { return std::bit_cast<double>(bits); }};
  if (dtype == "F32")
    return FloatForm{32, [](std::uint64_t bits) {
                       return double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))};
                     }};
  if (dtype == "BF16")
    return FloatForm{16, [](std::uint64_t bits) {
                       return double{std::bit_cast<float>(static_cast<std::uint32_t>(bits << 16))};
                     }};
  if (dtype == "F16") return FloatForm{16, &half_value};
  return std::nullopt;
}

// Sign-magnitude bits as an integer whose order is the floats' order, both zeros at 0.
__extension__ using Wide = __int128;

Wide ordered(std::uint64_t bits, int width) {
  const std::uint64_t sign = std::uint64_t{1} << (width - 1);
  const Wide magnitude = static_cast<Wide>(bits & (sign - 1));
  return (bits & sign) != 0 ? -magnitude : magnitude;
}

std::uint64_t ulp_between(std::uint64_t a, std::uint64_t b, int width) {
  const Wide gap = ordered(a, width) - ordered(b, width);
  const Wide size = gap < 0 ? -gap : gap;
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return size > static_cast<Wide>(most) ? most : static_cast<std::uint64_t>(size);
}

}  // namespace

TensorDistance distance_of(std::string_view dtype, std::span<const std::byte> a,
                           std::span<const std::byte> b) {
  check(a.size() == b.size(), "tensors of one shape have one size");
  const std::size_t width = element_bytes(dtype);
  const auto form = float_form(dtype);
  TensorDistance distance;
  distance.elements = a.size() / width;
  double squares = 0, reference = 0;
  for (std::size_t i = 0; i < distance.elements; ++i) {
    const auto *left = a.data() + i * width, *right = b.data() + i * width;
    const bool same = std::memcmp(left, right, width) == 0;
    if (!same) ++distance.differing;
    if (!form) continue;
    std::uint64_t bits_a = 0, bits_b = 0;
    std::memcpy(&bits_a, left, width);
    std::memcpy(&bits_b, right, width);
    const double value_a = form->value(bits_a), value_b = form->value(bits_b);
    reference += value_a * value_a;
    if (same) continue;
    if (std::isnan(value_a) || std::isnan(value_b)) {
      distance.max_ulp = std::numeric_limits<std::uint64_t>::max();
      distance.max_absolute = INFINITY;
      squares = INFINITY;
      continue;
    }
    distance.max_ulp = std::max(distance.max_ulp, ulp_between(bits_a, bits_b, form->bits));
    distance.max_absolute = std::max(distance.max_absolute, std::abs(value_a - value_b));
    squares += (value_a - value_b) * (value_a - value_b);
  }
  if (squares > 0) distance.relative_l2 = reference > 0 ? std::sqrt(squares / reference) : INFINITY;
  return distance;
}

}  // namespace reprise
