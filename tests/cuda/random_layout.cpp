// SPDX-License-Identifier: Apache-2.0
#include "random_layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/tensor/digest.h"
#include "harness/tensor/safetensors.h"

namespace reprise::cuda {
namespace {

constexpr const char* dtypes[] = {"BOOL", "U8",  "I8",  "F8_E4M3", "I16", "BF16", "F16",
                                  "F32",  "I32", "F64", "I64",     "C64", "C128"};

std::uint64_t below(Random& random, std::uint64_t limit) { return random() % limit; }

void draw_shape(Random& random, RandomLayout& layout, std::uint64_t elements) {
  const std::size_t axes = below(random, 7);
  if (axes == 0) return;
  layout.shape.assign(axes, 1);
  if (below(random, 50) == 0) {
    layout.shape[below(random, axes)] = 0;
    return;
  }
  const std::size_t longest = below(random, axes);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    if (axis == longest || elements < 2) continue;
    layout.shape[axis] = static_cast<std::int64_t>(
        1 + below(random, std::min<std::uint64_t>(elements, below(random, 3) == 0 ? 300 : 9)));
    elements /= static_cast<std::uint64_t>(layout.shape[axis]);
  }
  layout.shape[longest] = static_cast<std::int64_t>(std::max<std::uint64_t>(elements, 1));
}

// Gives strides; returns the lowest and the highest element's place, in elements from element (0, 0, ...).
std::pair<std::int64_t, std::int64_t> draw_strides(Random& random, RandomLayout& layout, bool row_major) {
  const std::size_t axes = layout.shape.size();
  layout.strides.assign(axes, 0);
  std::vector<std::size_t> order(axes);  // from the innermost
  std::iota(order.rbegin(), order.rend(), 0);
  if (!row_major) std::shuffle(order.begin(), order.end(), random);
  std::int64_t step = 1, first = 0, last = 0;
  for (const std::size_t axis : order) {
    const std::int64_t size = layout.shape[axis];
    if (!row_major && below(random, 8) == 0) continue;  // the same element again and again
    if (!row_major && below(random, 5) == 0) step *= static_cast<std::int64_t>(1 + below(random, 3));
    const bool turned = !row_major && below(random, 5) == 0;
    layout.strides[axis] = turned ? -step : step;
    const std::int64_t extent = step * std::max<std::int64_t>(size - 1, 0);
    (turned ? first : last) += turned ? -extent : extent;
    step *= std::max<std::int64_t>(size, 1);
  }
  return {first, last};
}

}  // namespace

std::uint64_t random_size(Random& random, std::uint64_t first, std::uint64_t last) {
  const double low = std::log2(static_cast<double>(first)), high = std::log2(static_cast<double>(last));
  const double fraction = static_cast<double>(random() >> 11) * 0x1p-53;
  const auto drawn = static_cast<std::uint64_t>(std::exp2(low + fraction * (high - low)));
  if (random() % 4 != 0) return drawn;
  constexpr std::uint64_t borders[] = {64, 1024, leaf_bytes};
  const std::uint64_t border = borders[random() % std::size(borders)];
  return std::max(drawn / border, std::uint64_t{1}) * border + random() % 3 - 1;
}

RandomLayout random_layout(Random& random, std::uint64_t bytes, bool row_major) {
  RandomLayout layout;
  layout.dtype = dtypes[below(random, std::size(dtypes))];
  layout.element_bytes = element_bytes(layout.dtype);
  draw_shape(random, layout, bytes / layout.element_bytes);
  const auto [first, last] = draw_strides(random, layout, row_major);
  layout.before = static_cast<std::uint64_t>(-first) * layout.element_bytes;
  layout.span = static_cast<std::uint64_t>(last - first + 1) * layout.element_bytes;
  layout.empty = std::ranges::count(layout.shape, 0) > 0;
  return layout;
}

}  // namespace reprise::cuda
