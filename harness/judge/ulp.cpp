// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/ulp.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "harness/base/error.h"
#include "harness/trace/safetensors.h"
#include "harness/trace/trace.h"

namespace reprise {
namespace {

// What a floating-point dtype is: how wide, and how its bits become a double.
struct FloatForm {
  int bits;
  double (*value)(std::uint64_t bits);
};

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
  if (dtype == "F16") return FloatForm{16, [](std::uint64_t bits) { return value_of(Loss{"F16", bits}); }};
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

// One pair of elements whose bits differ, taken into the distance; gives back its square.
double add_difference(double a, double b, std::uint64_t ulp, TensorDistance& distance) {
  const bool number = !std::isnan(a) && !std::isnan(b);
  distance.max_ulp = std::max(distance.max_ulp, number ? ulp : std::numeric_limits<std::uint64_t>::max());
  const double gap = std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) : INFINITY;
  distance.max_absolute = std::max(distance.max_absolute, gap);
  return gap * gap;
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
    const double value_a = form->value(bits_a);
    if (std::isfinite(value_a)) reference += value_a * value_a;
    if (!same)
      squares +=
          add_difference(value_a, form->value(bits_b), ulp_between(bits_a, bits_b, form->bits), distance);
  }
  if (squares > 0)
    distance.relative_l2 =
        reference > 0 && std::isfinite(squares) ? std::sqrt(squares / reference) : INFINITY;
  return distance;
}

}  // namespace reprise
