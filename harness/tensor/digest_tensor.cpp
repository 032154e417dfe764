// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/tensor/digest.h"
#include "harness/tensor/element_walk.h"

namespace reprise {
namespace {

// 64 leaves at a time: enough rows of a transposed matrix to use its cache lines whole.
std::vector<Digest> gathered_leaves(ElementWalk& walk) {
  constexpr std::uint64_t portion_bytes = 64 * leaf_bytes;
  std::vector<std::byte> portion(std::min(portion_bytes, walk.bytes()));
  std::vector<Digest> leaves;
  leaves.reserve(leaf_count(walk.bytes()));
  for (std::uint64_t done = 0; done < walk.bytes(); done += portion_bytes) {
    const std::uint64_t size = std::min(portion_bytes, walk.bytes() - done);
    walk.take(portion.data(), size);
    const auto taken = leaf_digests(Bytes(portion).first(size));
    leaves.insert(leaves.end(), taken.begin(), taken.end());
  }
  return leaves;
}

}  // namespace

ContentDigest digest_of(const TensorView& tensor) {
  ElementWalk walk(tensor);
  const auto whole = walk.contiguous();
  ContentDigest content;
  content.leaves = whole ? leaf_digests(*whole) : gathered_leaves(walk);
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
  std::array<std::uint64_t, 64> sizes{bytes};
  for (std::size_t i = 0; i < shape.size(); ++i) sizes[i + 1] = static_cast<std::uint64_t>(shape[i]);
  return seal("reprise.tensor.1", dtype, std::span(sizes).first(shape.size() + 1), tree_root(leaves));
}

}  // namespace reprise
