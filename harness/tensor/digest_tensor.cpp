// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>

#include "harness/base/error.h"
#include "harness/tensor/digest.h"
#include "harness/tensor/element_walk.h"
#include "harness/tensor/turned_copy.h"
#include "harness/tensor/xxh3/message.h"

namespace reprise {
namespace {

std::vector<Digest> gathered_leaves(ElementWalk& walk) {
  const std::uint64_t portion_bytes = walk.portion_bytes();
  // Left unset: only what was taken is read.
  const auto memory = std::make_unique_for_overwrite<std::byte[]>(std::min(portion_bytes, walk.bytes()));
  const std::span portion(memory.get(), std::min(portion_bytes, walk.bytes()));
  std::vector<Digest> leaves;
  leaves.reserve(leaf_count(walk.bytes()));
  for (std::uint64_t done = 0; done < walk.bytes(); done += portion_bytes) {
    const std::uint64_t size = std::min(portion_bytes, walk.bytes() - done);
    walk.take(portion.data(), size);
    const auto taken = leaf_digests(portion.first(size));
    leaves.insert(leaves.end(), taken.begin(), taken.end());
  }
  return leaves;
}

// Leaf by leaf of as many rows as a few cache lines of a column hold.
std::vector<Digest> turned_leaves(const ElementWalk::Turned& matrix, std::size_t element) {
  const auto in_leaf = static_cast<std::int64_t>(leaf_bytes / element);
  const std::int64_t leaves_of_row = matrix.columns / in_leaf;
  const auto memory = std::make_unique_for_overwrite<std::byte[]>(turned_rows * leaf_bytes);
  std::vector<Digest> leaves(static_cast<std::size_t>(matrix.rows * leaves_of_row));
  for (std::int64_t row = 0; row < matrix.rows; row += turned_rows)
    for (std::int64_t i = 0; i < leaves_of_row; ++i) {
      const std::int64_t rows = std::min(turned_rows, matrix.rows - row);
      copy_turned(memory.get(),
                  matrix.data + row * static_cast<std::int64_t>(element) + i * in_leaf * matrix.stride, rows,
                  in_leaf, matrix.stride, element);
      for (std::int64_t r = 0; r < rows; ++r)
        leaves[static_cast<std::size_t>((row + r) * leaves_of_row + i)] =
            hash_message({memory.get() + r * static_cast<std::int64_t>(leaf_bytes), leaf_bytes});
    }
  return leaves;
}

// Told without memory of its own: what most tensors are, small ones above all. A walk finds the others.
bool in_row_major_order(const TensorView& tensor) {
  if (tensor.shape.size() != tensor.strides.size() || tensor.data == nullptr) return false;
  std::int64_t step = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] < 1 || (tensor.shape[i] != 1 && tensor.strides[i] != step)) return false;
    if (__builtin_mul_overflow(step, tensor.shape[i], &step)) return false;
  }
  const std::size_t size = tensor.element_bytes;
  return size == 1 || size == 2 || size == 4 || size == 8 || size == 16;
}

}  // namespace

ContentDigest digest_of(const TensorView& tensor) {
  if (in_row_major_order(tensor)) {
    const std::uint64_t bytes = elements_of(tensor.shape) * tensor.element_bytes;
    ContentDigest content{{}, leaf_digests({static_cast<const std::byte*>(tensor.data), bytes})};
    content.digest = sealed_tensor(tensor.dtype, tensor.shape, bytes, content.leaves);
    return content;
  }
  ElementWalk walk(tensor);
  const auto whole = walk.contiguous();
  ContentDigest content;
  if (whole)
    content.leaves = leaf_digests(*whole);
  else if (const auto matrix = walk.turned_matrix())
    content.leaves = turned_leaves(*matrix, tensor.element_bytes);
  else
    content.leaves = gathered_leaves(walk);
  content.digest = sealed_tensor(tensor.dtype, tensor.shape, walk.bytes(), content.leaves);
  return content;
}

Digest tensor_digest(std::string_view dtype, std::span<const std::int64_t> shape, Bytes row_major) {
  return sealed_tensor(dtype, shape, row_major.size(), leaf_digests(row_major));
}

Digest sealed_tensor(std::string_view dtype, std::span<const std::int64_t> shape, std::uint64_t bytes,
                     std::span<const Digest> leaves) {
  check(leaves.size() == leaf_count(bytes), "the number of leaves fits the number of bytes");
  check(shape.size() < 64, "a tensor has fewer than 64 axes");
  std::array<std::uint64_t, 64> sizes;  // left unset: only the part that is sealed gets a value
  sizes[0] = bytes;
  for (std::size_t i = 0; i < shape.size(); ++i) sizes[i + 1] = static_cast<std::uint64_t>(shape[i]);
  return seal("reprise.tensor.1", dtype, std::span(sizes).first(shape.size() + 1), tree_root(leaves));
}

}  // namespace reprise
