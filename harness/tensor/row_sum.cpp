// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/row_sum.h"

#include <array>
#include <cstring>

#include "harness/base/error.h"
#include "harness/tensor/xxh3/message.h"

namespace reprise {
namespace {

bool lies_in_a_row(std::span<const std::int64_t> shape, std::span<const std::int64_t> strides) {
  std::int64_t wanted = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] != 1 && strides[axis] != wanted) return false;
    wanted *= shape[axis];
  }
  return true;
}

Digest root_of(const TensorView& row, bool plain) {
  if (!plain) return tree_root(digest_of(row).leaves);
  std::size_t bytes = row.element_bytes;
  for (const std::int64_t extent : row.shape) bytes *= static_cast<std::size_t>(extent);
  const Bytes data{static_cast<const std::byte*>(row.data), bytes};
  return bytes <= leaf_bytes ? hash_message(data) : tree_root(leaf_digests(data));
}

Digest placed(std::int64_t row, const Digest& root) {
  std::array<std::byte, sizeof row + sizeof root> message{};
  std::memcpy(message.data(), &row, sizeof row);
  std::memcpy(message.data() + sizeof row, &root, sizeof root);
  return hash_message(message);
}

}  // namespace

Digest added(const Digest& a, const Digest& b) { return {a.low + b.low, a.high + b.high}; }

Digest row_sum(const TensorView& tensor, const RowRange& rows) {
  const std::int64_t held = tensor.shape.empty() ? 1 : tensor.shape[0];
  if (rows.begin < 0 || rows.begin > rows.end || rows.end > held)
    fail("wanted rows {} to {} of a tensor, found one of {} rows", rows.begin, rows.end, held);
  TensorView row = tensor;
  if (!tensor.shape.empty()) {
    row.shape = tensor.shape.subspan(1);
    row.strides = tensor.strides.subspan(1);
  }
  const bool plain = lies_in_a_row(row.shape, row.strides);
  const std::int64_t step =
      tensor.strides.empty() ? 0 : tensor.strides[0] * static_cast<std::int64_t>(tensor.element_bytes);
  Digest sum;
  for (std::int64_t i = rows.begin; i < rows.end; ++i) {
    row.data = static_cast<const std::byte*>(tensor.data) + i * step;
    sum = added(sum, placed(rows.first + i - rows.begin, root_of(row, plain)));
  }
  return sum;
}

}  // namespace reprise
