// SPDX-License-Identifier: Apache-2.0
#pragma once
// The elements of a tensor in row-major order, whatever its strides: where they lie so already, as they lie;
// else gathered in portions, so that nothing needs a copy of the whole tensor.
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/tensor/digest.h"
#include "harness/tensor/joined_axes.h"

namespace reprise {

// Number of elements; a negative size, or a product beyond 64 bits, fails a check.
std::uint64_t elements_of(std::span<const std::int64_t> shape);

class ElementWalk {
 public:
  explicit ElementWalk(const TensorView& tensor);
  std::uint64_t bytes() const { return bytes_; }
  // All bytes, if they lie in row-major order.
  std::optional<Bytes> contiguous() const;
  // A whole number of leaves to be taken at once: enough rows of a transposed matrix to read its cache lines
  // whole, at most 16 MiB.
  std::uint64_t portion_bytes() const;
  // The columns of a transposed matrix, where a row is a whole number of leaves; else nothing. Whoever takes
  // its leaves by themselves has no need of memory for whole rows.
  struct Turned {
    const std::byte* data;
    std::int64_t rows, columns, stride;  // element (r, c) is at data + r * element + c * stride bytes
  };
  std::optional<Turned> turned_matrix() const;
  // The next `bytes` bytes, a whole number of elements; together not more than there are.
  void take(std::byte* to, std::size_t bytes);

 private:
  bool turned() const;
  void advance(std::size_t axis, std::int64_t count);

  const std::byte* at_;
  std::vector<JoinedAxis> axes_;
  std::vector<std::int64_t> index_;
  std::size_t element_;
  std::uint64_t bytes_;
};

}  // namespace reprise
