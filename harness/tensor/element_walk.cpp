// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/element_walk.h"

#include <algorithm>
#include <cstring>

#include "harness/base/error.h"
#include "harness/tensor/turned_copy.h"

namespace reprise {
namespace {

// `count` elements that lie `stride` bytes apart, to be laid one after the other.
template <std::size_t size>
void copy_strided(std::byte* to, const std::byte* from, std::int64_t count, std::int64_t stride) {
  for (std::int64_t i = 0; i < count; ++i)
    std::memcpy(to + i * static_cast<std::int64_t>(size), from + i * stride, size);
}

void copy_row(std::byte* to, const std::byte* from, std::int64_t count, std::int64_t stride,
              std::size_t size) {
  if (stride == static_cast<std::int64_t>(size)) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * size);
    return;
  }
  switch (size) {
    case 1:
      return copy_strided<1>(to, from, count, stride);
    case 2:
      return copy_strided<2>(to, from, count, stride);
    case 4:
      return copy_strided<4>(to, from, count, stride);
    case 8:
      return copy_strided<8>(to, from, count, stride);
    default:
      return copy_strided<16>(to, from, count, stride);
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

// The elements of a column lie one after the other.
bool ElementWalk::turned() const {
  return axes_.size() > 1 && axes_[axes_.size() - 2].stride == static_cast<std::int64_t>(element_);
}

std::uint64_t ElementWalk::portion_bytes() const {
  constexpr std::uint64_t least = 64 * leaf_bytes, most = 1024 * leaf_bytes;
  if (!turned()) return least;
  const std::uint64_t rows = turned_rows * static_cast<std::uint64_t>(axes_.back().size) * element_;
  return std::clamp((rows + leaf_bytes - 1) / leaf_bytes * leaf_bytes, least, most);
}

std::optional<ElementWalk::Turned> ElementWalk::turned_matrix() const {
  if (axes_.size() != 2 || !turned()) return std::nullopt;
  const JoinedAxis& columns = axes_[1];
  if (static_cast<std::uint64_t>(columns.size) * element_ % leaf_bytes != 0) return std::nullopt;
  return Turned{at_, axes_[0].size, columns.size, columns.stride};
}

void ElementWalk::take(std::byte* to, std::size_t bytes) {
  const std::size_t last = axes_.size() - 1;
  const JoinedAxis inner = axes_.back(), outer = last > 0 ? axes_[last - 1] : JoinedAxis{1, 0};
  while (bytes > 0) {
    const auto wanted = static_cast<std::int64_t>(bytes / element_);
    const bool whole_rows = turned() && index_.back() == 0 && wanted >= 2 * inner.size;
    const std::int64_t rows = whole_rows ? std::min(wanted / inner.size, outer.size - index_[last - 1]) : 1;
    const std::int64_t count = whole_rows ? inner.size : std::min(inner.size - index_.back(), wanted);
    if (whole_rows)
      copy_turned(to, at_, rows, count, inner.stride, element_);
    else
      copy_row(to, at_, count, inner.stride, element_);
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
