// SPDX-License-Identifier: Apache-2.0
// The levels above the leaves, at the borders of the fan-out, and sizes beyond 32 bits.
#include <sys/mman.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "fiber_digest.h"
#include "harness/record/cuda/secret.h"
#include "harness/record/cuda/tree_hash.h"

namespace reprise::cuda {
namespace {

std::vector<Digest> random_leaves(std::uint64_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Digest> leaves(count);
  for (Digest& leaf : leaves) leaf = {random(), random()};
  return leaves;
}

// The second kernel takes leaves as they are, so a tree of 16 GiB needs no data: only that many leaves.
void compare_levels(const std::vector<std::uint64_t>& counts, u64 block_warps, std::uint64_t seed) {
  std::vector<Digest> leaves;
  std::vector<std::int64_t> bytes;
  for (const std::uint64_t count : counts)
    bytes.push_back(static_cast<std::int64_t>(count * leaf_bytes - seed % leaf_bytes));
  constexpr std::int64_t stride = 1;
  std::vector<reprise_cuda_tensor> tensors;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    tensors.push_back({&leaves, "U8", &bytes[i], &stride, 1, 1});  // the address is never read
    const auto more = random_leaves(counts[i], seed + i);
    leaves.insert(leaves.end(), more.begin(), more.end());
  }
  FiberLaunch launch;
  launch.nodes = {1 + seed % 3, block_warps};
  launch.seed = seed;
  const auto found = fiber_roots(table_of(tensors), leaves, launch);
  std::size_t at = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    CAPTURE(counts[i], block_warps, seed);
    const auto own = std::span(leaves).subspan(at, counts[i]);
    CHECK(found[i] == sealed_tensor("U8", std::array{bytes[i]}, static_cast<std::uint64_t>(bytes[i]), own));
    at += counts[i];
  }
}

TEST_CASE("levels at the borders of the fan-out have the CPU's root") {
  std::uint64_t seed = 1;
  for (const u64 block_warps : {1, 2, 5, 16})
    compare_levels({1, 2, 63, 64, 65, 128, 1023, 1024, 1025, 1088, 2047, 2048, 2049, 1, 3000}, block_warps,
                   seed += 7);
}

TEST_CASE("a tree of three levels, over 16 GiB, has the CPU's root") {
  constexpr std::uint64_t two_levels = 1024 * 1024;
  compare_levels({3, two_levels + 1, 1025}, 3, 11);
  compare_levels({two_levels}, 4, 12);
}

// Runs the first kernel as the one warp of a huge grid whose turn it is to take leaf `leaf`.
struct LateLane : FiberLane {
  LateLane(const FiberLane& lane, u64 the_warp) : FiberLane(lane), only(the_warp) {}
  u64 only;
  u64 warp() const { return only; }
  u64 warps() const { return u64{1} << 40; }
};

template <u32 lanes_per_leaf>
std::vector<Digest> late_leaves(const reprise_cuda_tensor& tensor, u64 first, u64 count) {
  const std::array tensors = {tensor};
  const TableContent table = table_of(tensors);
  const auto packed = table.packed();
  const Secret secret = default_secret();
  std::vector<Pair> leaves(count);
  // Leaf `first` is written to the front of `leaves`.
  auto* origin = reinterpret_cast<Pair*>(reinterpret_cast<u64>(leaves.data()) - first * sizeof(Pair));
  const LeafWork work{table.at(packed.data()), origin, nullptr};
  const u64 per_warp = 32 / lanes_per_leaf;
  for (u64 leaf = first; leaf < first + count; leaf += per_warp)
    run_grid({1, 1}, nullptr, leaf, [&](FiberLane& lane) {
      LateLane late(lane, leaf / per_warp);
      hash_leaves<lanes_per_leaf>(late, work, secret);
    });
  std::vector<Digest> digests;
  for (const Pair& pair : leaves) digests.push_back({pair.first, pair.second});
  return digests;
}

// Address space of `bytes` bytes, of which only pages that are written take memory.
struct AddressSpace {
  explicit AddressSpace(std::size_t size) : bytes(size) {
    memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(memory != MAP_FAILED);
  }
  AddressSpace(const AddressSpace&) = delete;
  AddressSpace& operator=(const AddressSpace&) = delete;
  ~AddressSpace() { ::munmap(memory, bytes); }
  std::size_t bytes;
  void* memory;
};

TEST_CASE("the last leaves of a tensor of 40 GiB are those of its last bytes") {
  constexpr u64 size = (u64{40} << 30) + 5000, first = size / leaf_size - 8, count = 9;
  const AddressSpace space(size);
  auto* end = static_cast<std::byte*>(space.memory) + first * leaf_size;
  std::mt19937_64 random(3);
  for (u64 i = 0; i < size - first * leaf_size; ++i) end[i] = static_cast<std::byte>(random());
  const std::int64_t shape = size, stride = 1;
  const auto wanted = leaf_digests({end, size - first * leaf_size});
  REQUIRE(wanted.size() == count);
  const reprise_cuda_tensor tensor{space.memory, "U8", &shape, &stride, 1, 1};
  CHECK(late_leaves<4>(tensor, first, count) == wanted);
  CHECK(late_leaves<32>(tensor, first, count) == wanted);
}

TEST_CASE("elements beyond the 2^32nd of a strided tensor are found") {
  // Five rows of 2^31 + 24 elements, laid out as columns would be in a matrix of five columns, the columns
  // repeated: 20 GiB and some of logical data in 10 MB of memory.
  constexpr std::int64_t rows = 5, repeats = 4096, columns = ((std::int64_t{1} << 31) + 24 + 4095) / repeats;
  std::vector<std::uint16_t> memory(static_cast<std::size_t>(rows * columns));
  std::mt19937_64 random(4);
  for (auto& word : memory) word = static_cast<std::uint16_t>(random());
  const std::array<std::int64_t, 3> shape = {rows, repeats, columns}, strides = {1, 0, rows};
  const reprise_cuda_tensor tensor{memory.data(), "I16", shape.data(), strides.data(), 3, 2};
  const u64 elements = rows * repeats * columns, leaves = leaves_of(elements * 2),
            first = (leaves - 9) / 8 * 8;
  std::vector<std::uint16_t> row_major;
  for (u64 element = first * leaf_size / 2; element < elements; ++element) {
    const u64 row = element / (repeats * columns), column = element % columns;
    row_major.push_back(memory[column * rows + row]);
  }
  const auto wanted = leaf_digests(std::as_bytes(std::span(row_major)));
  REQUIRE(wanted.size() == leaves - first);
  CHECK(late_leaves<4>(tensor, first, leaves - first) == wanted);
  CHECK(late_leaves<32>(tensor, first, leaves - first) == wanted);
}

}  // namespace
}  // namespace reprise::cuda
