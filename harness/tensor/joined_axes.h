// SPDX-License-Identifier: Apache-2.0
#pragma once
// The axes of a tensor as few as its memory allows: without those of size 1, neighbours joined where the
// memory of one goes on in the next. A tensor in row-major order has none, or one whose stride is an element.
#include <cstdint>
#include <span>
#include <vector>

namespace reprise {

struct JoinedAxis {
  std::int64_t size, stride;  // the stride in bytes
};

inline std::vector<JoinedAxis> joined_axes(std::span<const std::int64_t> shape,
                                           std::span<const std::int64_t> strides,
                                           std::int64_t element_bytes) {
  std::vector<JoinedAxis> axes;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::int64_t size = shape[i], stride = strides[i] * element_bytes;
    if (size == 1) continue;
    if (!axes.empty() && axes.back().stride == size * stride)
      axes.back() = {axes.back().size * size, stride};
    else
      axes.push_back({size, stride});
  }
  return axes;
}

// Whether such axes are those of row-major order.
inline bool row_major(std::span<const JoinedAxis> axes, std::int64_t element_bytes) {
  return axes.empty() || (axes.size() == 1 && axes[0].stride == element_bytes);
}

}  // namespace reprise
