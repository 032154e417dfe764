// SPDX-License-Identifier: Apache-2.0
// 10,000 random tensors, in launches of up to 40: the kernels' source on fibers gives the digests and the
// leaves of harness/trace, and reads nothing but the tensors.
#include <catch2/catch.hpp>

#include "fiber_digest.h"
#include "random_tensor.h"

namespace reprise::cuda {
namespace {

struct Tally {
  std::uint64_t tensors = 0, leaves = 0, strided = 0, misaligned = 0, wrong = 0, by_warp = 0;
  std::uint64_t largest = 0;
};

bool in_row_major_order(const RandomTensor& tensor) {
  std::int64_t step = 1;
  for (std::size_t axis = tensor.shape.size(); axis-- > 0; step *= tensor.shape[axis]) {
    if (tensor.shape[axis] == 0) return true;
    if (tensor.shape[axis] > 1 && tensor.strides[axis] != step) return false;
  }
  return true;
}

void compare(const std::vector<RandomTensor>& batch, const FiberLaunch& launch, Tally& tally) {
  std::vector<reprise_cuda_tensor> tensors;
  ReadableMemory memory;
  for (const RandomTensor& tensor : batch) {
    tensors.push_back(as_cuda_tensor(tensor.view(), tensor.dtype));
    memory.add(tensor.first_byte, static_cast<std::uint64_t>(tensor.end_byte - tensor.first_byte));
  }
  memory.sort();
  const FiberDigests found = fiber_digests(tensors, launch, &memory);
  std::size_t at = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const ContentDigest wanted = digest_of(batch[i].view());
    const auto leaves = std::span(found.leaves).subspan(at, wanted.leaves.size());
    const bool right = found.digests[i] == wanted.digest && std::ranges::equal(leaves, wanted.leaves);
    if (!right) {
      CAPTURE(batch[i].dtype, batch[i].shape, batch[i].strides, launch.warp_per_leaf, launch.seed);
      CAPTURE(reinterpret_cast<std::uintptr_t>(batch[i].data) % 16);
      CHECK(right);
    }
    at += wanted.leaves.size();
    ++tally.tensors;
    tally.wrong += !right;
    tally.leaves += wanted.leaves.size();
    tally.strided += !in_row_major_order(batch[i]);
    tally.misaligned += reinterpret_cast<std::uintptr_t>(batch[i].data) % batch[i].element_bytes != 0;
    tally.largest = std::max<std::uint64_t>(tally.largest, wanted.leaves.size() * leaf_bytes);
  }
}

FiberLaunch random_launch(RandomTensors& draws, bool large) {
  FiberLaunch launch;
  launch.warp_per_leaf = draws.below(large ? 8 : 2) == 0;
  launch.leaves = {1 + draws.below(4), 1 + draws.below(3)};
  launch.nodes = {1 + draws.below(3), 1 + draws.below(3)};
  launch.seed = draws.below(1u << 30);
  return launch;
}

TEST_CASE("ten thousand random tensors have the CPU's digests and leaves") {
  constexpr std::uint64_t mebibyte = 1 << 20;
  RandomTensors draws(20261125, 80 * mebibyte);
  Tally tally;
  while (tally.tensors < 10'000) {
    const bool large = draws.below(6) == 0;
    const std::uint64_t count =
        std::min(10'000 - tally.tensors, large ? 1 + draws.below(3) : 1 + draws.below(40));
    const FiberLaunch launch = random_launch(draws, large);
    std::vector<RandomTensor> batch;
    for (std::uint64_t i = 0; i < count; ++i) {
      const bool row_major = draws.below(2) == 0;
      // The slow ways, a warp of fibers for each leaf and element by element, get less.
      const std::uint64_t most = !large                 ? 65'536
                                 : launch.warp_per_leaf ? mebibyte
                                 : row_major            ? 64 * mebibyte
                                                        : 4 * mebibyte;
      batch.push_back(draws.next(draws.size(large ? 65'536 : 1, most), row_major));
    }
    compare(batch, launch, tally);
    tally.by_warp += launch.warp_per_leaf ? count : 0;
  }
  CHECK(tally.wrong == 0);
  CHECK(tally.tensors == 10'000);
  CHECK(tally.largest >= 32 * mebibyte);
  CHECK(tally.strided > 2'000);
  CHECK(tally.misaligned > 1'500);
  CHECK(tally.by_warp > 3'000);
  CHECK(tally.leaves > 30'000);
}

}  // namespace
}  // namespace reprise::cuda
