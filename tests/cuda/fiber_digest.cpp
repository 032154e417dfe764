// SPDX-License-Identifier: Apache-2.0
#include "fiber_digest.h"

#include "harness/record/cuda/secret.h"
#include "harness/record/cuda/tree_hash.h"

namespace reprise::cuda {
namespace {

// What no digest is: memory that a kernel forgot to write is seen.
constexpr Pair garbage{0xA5A5A5A5A5A5A5A5u, 0x5A5A5A5A5A5A5A5Au};

std::vector<Digest> as_digests(const std::vector<Pair>& pairs) {
  std::vector<Digest> digests;
  digests.reserve(pairs.size());
  for (const Pair& pair : pairs) digests.push_back({pair.first, pair.second});
  return digests;
}

std::vector<Pair> roots(const TableContent& table, const std::vector<Pair>& leaves,
                        const FiberLaunch& launch) {
  const auto packed = table.packed();
  std::vector<Pair> nodes(table.nodes, garbage), results(table.rows.size(), garbage);
  const Secret secret = default_secret();
  ReadableMemory memory;
  memory.add(leaves.data(), leaves.size() * sizeof(Pair));
  memory.add(nodes.data(), nodes.size() * sizeof(Pair));
  memory.sort();
  const NodeWork work{table.at(packed.data()), leaves.data(), nodes.data(), results.data(), nullptr, 0, 1};
  run_grid(launch.nodes, &memory, launch.seed, [&](FiberLane& lane) { hash_upwards(lane, work, secret); });
  return results;
}

}  // namespace

FiberDigests fiber_digests(std::span<const reprise_cuda_tensor> tensors, const FiberLaunch& launch,
                           const ReadableMemory* memory) {
  const TableContent table = table_of(tensors);
  const auto packed = table.packed();
  std::vector<Pair> leaves(table.leaves, garbage);
  const Secret secret = default_secret();
  const LeafWork work{table.at(packed.data()), leaves.data(), nullptr};
  run_grid(launch.leaves, memory, launch.seed, [&](FiberLane& lane) {
    launch.warp_per_leaf ? hash_leaves<32>(lane, work, secret) : hash_leaves<4>(lane, work, secret);
  });
  return {as_digests(roots(table, leaves, launch)), as_digests(leaves)};
}

std::vector<Digest> fiber_roots(const TableContent& table, std::span<const Digest> leaves,
                                const FiberLaunch& launch) {
  std::vector<Pair> pairs;
  pairs.reserve(leaves.size());
  for (const Digest& leaf : leaves) pairs.push_back({leaf.low, leaf.high});
  return as_digests(roots(table, pairs, launch));
}

reprise_cuda_tensor as_cuda_tensor(const TensorView& view, const char* dtype) {
  return {view.data,
          dtype,
          view.shape.data(),
          view.strides.data(),
          static_cast<std::uint32_t>(view.shape.size()),
          static_cast<std::uint32_t>(view.element_bytes)};
}

}  // namespace reprise::cuda
