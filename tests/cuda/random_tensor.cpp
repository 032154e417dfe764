// SPDX-License-Identifier: Apache-2.0
#include "random_tensor.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "harness/tensor/safetensors.h"

namespace reprise::cuda {
namespace {

constexpr const char* dtypes[] = {"BOOL", "U8",  "F8_E4M3", "I16", "BF16", "F16",
                                  "F32",  "I32", "F64",     "I64", "C64",  "C128"};

}  // namespace

RandomTensors::RandomTensors(std::uint64_t seed, std::size_t memory_bytes)
    : random_(seed), memory_(memory_bytes / sizeof(std::uint64_t)) {
  for (auto& word : memory_) word = random_();
}

std::uint64_t RandomTensors::size(std::uint64_t first, std::uint64_t last) {
  const double low = std::log2(static_cast<double>(first)), high = std::log2(static_cast<double>(last));
  const double fraction = static_cast<double>(random_() >> 11) * 0x1p-53;
  const auto drawn = static_cast<std::uint64_t>(std::exp2(low + fraction * (high - low)));
  if (below(4) != 0) return drawn;
  constexpr std::uint64_t borders[] = {64, 1024, leaf_bytes};
  const std::uint64_t border = borders[below(std::size(borders))];
  return std::max(drawn / border, std::uint64_t{1}) * border + below(3) - 1;
}

void RandomTensors::shape_of(RandomTensor& tensor, std::uint64_t elements) {
  const std::size_t axes = below(7);
  if (axes == 0) return;
  tensor.shape.assign(axes, 1);
  if (below(50) == 0) {
    tensor.shape[below(axes)] = 0;
    return;
  }
  const std::size_t longest = below(axes);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    if (axis == longest || elements < 2) continue;
    tensor.shape[axis] =
        static_cast<std::int64_t>(1 + below(std::min<std::uint64_t>(elements, below(3) == 0 ? 300 : 9)));
    elements /= static_cast<std::uint64_t>(tensor.shape[axis]);
  }
  tensor.shape[longest] = static_cast<std::int64_t>(std::max<std::uint64_t>(elements, 1));
}

// Gives strides; returns the lowest and the highest element's place, in elements from element (0, 0, ...).
std::pair<std::int64_t, std::int64_t> RandomTensors::lay(RandomTensor& tensor, bool row_major) {
  const std::size_t axes = tensor.shape.size();
  tensor.strides.assign(axes, 0);
  std::vector<std::size_t> order(axes);  // from the innermost
  std::iota(order.rbegin(), order.rend(), 0);
  if (!row_major) std::shuffle(order.begin(), order.end(), random_);
  std::int64_t step = 1, first = 0, last = 0;
  for (const std::size_t axis : order) {
    const std::int64_t size = tensor.shape[axis];
    if (!row_major && below(8) == 0) continue;  // the same element again and again
    if (!row_major && below(5) == 0) step *= static_cast<std::int64_t>(1 + below(3));
    const bool turned = !row_major && below(5) == 0;
    tensor.strides[axis] = turned ? -step : step;
    const std::int64_t extent = step * std::max<std::int64_t>(size - 1, 0);
    (turned ? first : last) += turned ? -extent : extent;
    step *= std::max<std::int64_t>(size, 1);
  }
  return {first, last};
}

RandomTensor RandomTensors::next(std::uint64_t bytes, bool row_major) {
  RandomTensor tensor;
  tensor.dtype = dtypes[below(std::size(dtypes))];
  tensor.element_bytes = element_bytes(tensor.dtype);
  shape_of(tensor, bytes / tensor.element_bytes);
  const auto [first, last] = lay(tensor, row_major);
  const std::uint64_t span = static_cast<std::uint64_t>(last - first + 1) * tensor.element_bytes;
  const std::uint64_t room = memory_.size() * sizeof(std::uint64_t);
  if (span + 16 > room) throw std::runtime_error("the random tensor does not fit");
  std::uint64_t at = below(room - span);
  if (below(2) == 0) at -= at % (below(2) == 0 ? 16 : tensor.element_bytes);
  const bool empty = std::ranges::count(tensor.shape, 0) > 0;
  tensor.first_byte = reinterpret_cast<const std::byte*>(memory_.data()) + at;
  tensor.end_byte = tensor.first_byte + (empty ? 0 : span);
  tensor.data = tensor.first_byte + static_cast<std::uint64_t>(-first) * tensor.element_bytes;
  return tensor;
}

}  // namespace reprise::cuda
