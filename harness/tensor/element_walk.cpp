// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/element_walk.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"

namespace reprise {
namespace {

// `rows` runs of `count` elements, to be laid one after the other. In tiles, because where the rows lie
// closer together than the elements of a row (a transposed matrix), a cache line holds elements of many rows.
template <std::size_t size>
void copy_tiles(std::byte* to, const std::byte* from, std::int64_t rows, std::int64_t row_stride,
                std::int64_t count, std::int64_t stride) {
  constexpr std::int64_t tile_rows = 64, tile_columns = 16;
  for (std::int64_t r0 = 0; r0 < rows; r0 += tile_rows)
    for (std::int64_t c0 = 0; c0 < count; c0 += tile_columns)
      for (std::int64_t r = r0; r < std::min(r0 + tile_rows, rows); ++r)
        for (std::int64_t c = c0; c < std::min(c0 + tile_columns, count); ++c)
          std::memcpy(to + (r * count + c) * static_cast<std::int64_t>(size),
                      from + r * row_stride + c * stride, size);
}

void copy_elements(std::byte* to, const std::byte* from, std::int64_t rows, std::int64_t row_stride,
                   std::int64_t count, std::int64_t stride, std::size_t size) {
  if (rows == 1 && stride == static_cast<std::int64_t>(size)) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * size);
    return;
  }
  switch (size) {
    case 1:
      return copy_tiles<1>(to, from, rows, row_stride, count, stride);
    case 2:
      return copy_tiles<2>(to, from, rows, row_stride, count, stride);
    case 4:
      return copy_tiles<4>(to, from, rows, row_stride, count, stride);
    case 8:
      return copy_tiles<8>(to, from, rows, row_stride, count, stride);
    default:
      return copy_tiles<16>(to, from, rows, row_stride, count, stride);
  }
}

}  // namespace

std::uint64_t elements_of(std::span<const std::int64_t> shape) {
  std::uint64_t elements = 1;
  for (const std::int64_t size : shape) {
    check(size >= 0, "a shape has no negative size");
    check(!__builtin_mul_overflow(elements, static_cast<std::uint64_t>(size), &elements),
          "a tensor fits in memory");
  }
  return elements;
}

ElementWalk::ElementWalk(const TensorView& tensor)
    : at_(static_cast<const std::byte*>(tensor.data)),
      element_(tensor.element_bytes),
      bytes_(elements_of(tensor.shape) * tensor.element_bytes) {
  check(tensor.shape.size() == tensor.strides.size(), "a tensor has one stride per axis");
  check(bytes_ == 0 || tensor.data != nullptr, "a tensor with elements has data");
  if (bytes_ > 0)
    axes_ = joined_axes(tensor.shape, tensor.strides, static_cast<std::int64_t>(tensor.element_bytes));
  index_.assign(axes_.size(), 0);
  const std::size_t size = element_;
  check(size == 1 || size == 2 || size == 4 || size == 8 || size == 16,
        "an element has 1, 2, 4, 8 or 16 bytes");
}

std::optional<Bytes> ElementWalk::contiguous() const {
  if (row_major(axes_, static_cast<std::int64_t>(element_))) return Bytes(at_, bytes_);
  return std::nullopt;
}

void ElementWalk::take(std::byte* to, std::size_t bytes) {
  const std::size_t last = axes_.size() - 1;
  const JoinedAxis inner = axes_.back(), outer = last > 0 ? axes_[last - 1] : JoinedAxis{1, 0};
  const bool transposed = last > 0 && std::abs(outer.stride) < std::abs(inner.stride);
  while (bytes > 0) {
    const auto wanted = static_cast<std::int64_t>(bytes / element_);
    const bool whole_rows = transposed && index_.back() == 0 && wanted >= 2 * inner.size;
    const std::int64_t rows = whole_rows ? std::min(wanted / inner.size, outer.size - index_[last - 1]) : 1;
    const std::int64_t count = whole_rows ? inner.size : std::min(inner.size - index_.back(), wanted);
    copy_elements(to, at_, rows, outer.stride, count, inner.stride, element_);
    const std::size_t copied = static_cast<std::size_t>(rows * count) * element_;
    to += copied;
    bytes -= copied;
    whole_rows ? advance(last - 1, rows) : advance(last, count);
  }
}

void ElementWalk::advance(std::size_t axis, std::int64_t count) {
  index_[axis] += count;
  at_ += count * axes_[axis].stride;
  for (std::size_t i = axis; index_[i] == axes_[i].size; --i) {
    at_ -= axes_[i].size * axes_[i].stride;
    index_[i] = 0;
    if (i == 0) return;
    ++index_[i - 1];
    at_ += axes_[i - 1].stride;
  }
}

}  // namespace reprise
