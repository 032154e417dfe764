// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>

#include "harness/base/error.h"
#include "harness/trace/digest.h"
#include "harness/trace/xxh3/message.h"

namespace reprise {
namespace {

struct Axis {
  std::int64_t size, stride;  // the stride in bytes
};

// The axes without those of size 1, neighbours joined where the memory of one goes on in the next.
std::vector<Axis> joined_axes(const TensorView& tensor) {
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    const std::int64_t size = tensor.shape[i];
    const std::int64_t stride = tensor.strides[i] * static_cast<std::int64_t>(tensor.element_bytes);
    if (size == 1) continue;
    if (!axes.empty() && axes.back().stride == size * stride)
      axes.back() = {axes.back().size * size, stride};
    else
      axes.push_back({size, stride});
  }
  return axes;
}

template <std::size_t size>
void copy_run(std::byte* to, const std::byte* from, std::int64_t count, std::int64_t stride) {
  for (std::int64_t i = 0; i < count; ++i)
    std::memcpy(to + i * static_cast<std::int64_t>(size), from + i * stride, size);
}

void copy_elements(std::byte* to, const std::byte* from, std::int64_t count, std::int64_t stride,
                   std::size_t size) {
  if (stride == static_cast<std::int64_t>(size)) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * size);
    return;
  }
  switch (size) {
    case 1:
      return copy_run<1>(to, from, count, stride);
    case 2:
      return copy_run<2>(to, from, count, stride);
    case 4:
      return copy_run<4>(to, from, count, stride);
    case 8:
      return copy_run<8>(to, from, count, stride);
    default:
      return copy_run<16>(to, from, count, stride);
  }
}

// Walks the elements of a strided tensor in row-major order and hands out their bytes in portions.
class ElementWalk {
 public:
  ElementWalk(const TensorView& tensor, std::vector<Axis> axes)
      : at_(static_cast<const std::byte*>(tensor.data)),
        axes_(std::move(axes)),
        index_(axes_.size(), 0),
        element_(tensor.element_bytes) {}

  // The next `bytes` bytes, a whole number of elements.
  void take(std::byte* to, std::size_t bytes) {
    while (bytes > 0) {
      const Axis& inner = axes_.back();
      const std::int64_t count =
          std::min(inner.size - index_.back(), static_cast<std::int64_t>(bytes / element_));
      copy_elements(to, at_, count, inner.stride, element_);
      const std::size_t copied = static_cast<std::size_t>(count) * element_;
      to += copied;
      bytes -= copied;
      advance(count);
    }
  }

 private:
  void advance(std::int64_t count) {
    index_.back() += count;
    at_ += count * axes_.back().stride;
    for (std::size_t i = axes_.size() - 1; index_[i] == axes_[i].size; --i) {
      at_ -= axes_[i].size * axes_[i].stride;
      index_[i] = 0;
      if (i == 0) return;
      ++index_[i - 1];
      at_ += axes_[i - 1].stride;
    }
  }

  const std::byte* at_;
  std::vector<Axis> axes_;
  std::vector<std::int64_t> index_;
  std::size_t element_;
};

std::vector<Digest> gathered_leaves(const TensorView& tensor, std::vector<Axis> axes, std::uint64_t bytes) {
  const std::size_t size = tensor.element_bytes;
  check(size == 1 || size == 2 || size == 4 || size == 8 || size == 16,
        "an element has 1, 2, 4, 8 or 16 bytes");
  ElementWalk walk(tensor, std::move(axes));
  std::array<std::byte, leaf_bytes> leaf;
  std::vector<Digest> leaves;
  leaves.reserve((bytes + leaf_bytes - 1) / leaf_bytes);
  for (std::uint64_t done = 0; done < bytes; done += leaf_bytes) {
    const auto portion = static_cast<std::size_t>(std::min<std::uint64_t>(leaf_bytes, bytes - done));
    walk.take(leaf.data(), portion);
    leaves.push_back(hash_message(Bytes(leaf).first(portion)));
  }
  return leaves;
}

std::uint64_t elements_of(std::span<const std::int64_t> shape) {
  std::uint64_t elements = 1;
  for (const std::int64_t size : shape) {
    check(size >= 0, "a shape has no negative size");
    elements *= static_cast<std::uint64_t>(size);
  }
  return elements;
}

}  // namespace

ContentDigest digest_of(const TensorView& tensor) {
  check(tensor.shape.size() == tensor.strides.size(), "a tensor has one stride per axis");
  const std::uint64_t bytes = elements_of(tensor.shape) * tensor.element_bytes;
  check(bytes == 0 || tensor.data != nullptr, "a tensor with elements has data");
  ContentDigest content;
  if (bytes == 0) {
    content.leaves = leaf_digests({});
  } else {
    auto axes = joined_axes(tensor);
    const bool contiguous =
        axes.empty() ||
        (axes.size() == 1 && axes[0].stride == static_cast<std::int64_t>(tensor.element_bytes));
    content.leaves = contiguous ? leaf_digests({static_cast<const std::byte*>(tensor.data), bytes})
                                : gathered_leaves(tensor, std::move(axes), bytes);
  }
  content.digest = sealed_tensor(tensor.dtype, tensor.shape, bytes, content.leaves);
  return content;
}

Digest tensor_digest(std::string_view dtype, std::span<const std::int64_t> shape, Bytes row_major) {
  return sealed_tensor(dtype, shape, row_major.size(), leaf_digests(row_major));
}

Digest sealed_tensor(std::string_view dtype, std::span<const std::int64_t> shape, std::uint64_t bytes,
                     std::span<const Digest> leaves) {
  check(leaves.size() == std::max<std::uint64_t>((bytes + leaf_bytes - 1) / leaf_bytes, 1),
        "the number of leaves fits the number of bytes");
  check(shape.size() < 64, "a tensor has fewer than 64 axes");
  std::array<std::uint64_t, 64> sizes{bytes};
  for (std::size_t i = 0; i < shape.size(); ++i) sizes[i + 1] = static_cast<std::uint64_t>(shape[i]);
  return seal("reprise.tensor.1", dtype, std::span(sizes).first(shape.size() + 1), tree_root(leaves));
}

}  // namespace reprise
