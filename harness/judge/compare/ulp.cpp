// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/ulp.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "harness/base/error.h"
#include "harness/judge/compare/float_forms.h"
#include "harness/tensor/safetensors.h"

namespace reprise {
namespace {

using Span = std::span<const std::byte>;

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
  distance.difference_squared = squares;
  distance.first_squared = reference;
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
  const bool measured = with_float_form(dtype, [&](auto form) { measure<decltype(form)>(a, b, distance); });
  if (!measured) count_differing(a, b, width, distance);
  return distance;
}

}  // namespace reprise
