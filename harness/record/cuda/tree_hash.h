// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two kernels, over a Lane: leaves of all tensors, then the levels above them and the seal.
#include "harness/record/cuda/hash_message.h"

namespace reprise::cuda {

// The row that holds a leaf: the last one that begins at or before it.
REPRISE_DEVICE const Row& row_of(const Table& table, u64 leaf) {
  u64 low = 0, high = table.tensors;
  while (high - low > 1) {
    const u64 middle = low + (high - low) / 2;
    if (table.rows[middle].first_leaf <= leaf)
      low = middle;
    else
      high = middle;
  }
  return table.rows[low];
}

struct Sum {
  Pair sum;
  u64 bytes;  // of the padded message
};

REPRISE_DEVICE u64 padded(u64 bytes) {
  return bytes == 0 ? block_size : (bytes + block_size - 1) / block_size * block_size;
}

// `bytes` bytes at `at`, which lie within data that end at `end`.
template <u32 groups, class Lane>
REPRISE_DEVICE Sum sum_of_memory(Lane& lane, const Stretch& stretch, u64 bytes, const Share<groups>& share,
                                 const LaneSecret& own) {
  if (bytes == leaf_size && stretch.at % 16 == 0)
    return {sum_of_leaf<groups>(lane, stretch.at, share, own), leaf_size};
  const u64 size = padded(bytes);
  return {sum_of_message<groups>(lane, stretch, static_cast<u32>(size / block_size), share, own), size};
}

template <u32 groups, class Lane>
REPRISE_DEVICE Sum sum_of_tensor_leaf(Lane& lane, const Table& table, u64 leaf, const Share<groups>& share,
                                      const LaneSecret& own) {
  const Row& row = row_of(table, leaf);
  const u64 offset = (leaf - row.first_leaf) * leaf_size, left = row.bytes - offset;
  const u64 bytes = left < leaf_size ? left : leaf_size;
  if (row.axes == 0)
    return sum_of_memory<groups>(lane, {row.address + offset, row.address, row.address + row.bytes}, bytes,
                                 share, own);
  const Strided elements{table.axes + row.axes_at,
                         row.axes,
                         row.element_bytes,
                         row.element_shift,
                         row.address,
                         offset >> row.element_shift,
                         row.bytes >> row.element_shift};
  const u64 size = padded(bytes);
  return {sum_of_message<groups>(lane, elements, static_cast<u32>(size / block_size), share, own), size};
}

// Kernel 1: every leaf of every tensor, in the warps' grid stride.
template <u32 lanes_per_leaf, class Lane>
REPRISE_DEVICE void hash_leaves(Lane& lane, const LeafWork& work, const Secret& secret) {
  constexpr u32 leaves_per_warp = 32 / lanes_per_leaf, groups = lanes_per_leaf / 4;
  const Share<groups> share(lane.index(), secret);
  const LaneSecret& own = secret.part[share.part];
  const u64 stride = lane.warps() * leaves_per_warp;
  REPRISE_ROLLED
  for (u64 first = lane.warp() * leaves_per_warp; first < work.table.leaves; first += stride) {
    const u64 leaf = first + lane.index() / lanes_per_leaf;
    // Without a leaf of its own a group still takes part in the shuffles of merged().
    const bool own_leaf = leaf < work.table.leaves;
    Sum sum{{0, 0}, 0};
    if (own_leaf) sum = sum_of_tensor_leaf<groups>(lane, work.table, leaf, share, own);
    const Pair digest = merged(lane, sum.sum, sum.bytes, own);
    if (own_leaf && lane.index() % lanes_per_leaf == 0) work.leaves[leaf] = digest;
  }
  if (work.replays != nullptr && lane.warp() == 0 && lane.index() == 0) *work.replays += 1;
}

// One level up: node n is the digest of its up to 1024 children; a block's warps share the nodes.
template <class Lane>
REPRISE_DEVICE void hash_level(Lane& lane, const Pair* level, u64 count, Pair* above, const Share<8>& share,
                               const LaneSecret& own) {
  REPRISE_ROLLED
  for (u64 node = lane.block_warp(); node < parents_of(count); node += lane.block_warps()) {
    const u64 first = node * node_children, left = count - first;
    const u64 bytes = (left < node_children ? left : node_children) * sizeof(Pair);
    const u64 at = reinterpret_cast<u64>(level + first);
    const Sum sum = sum_of_memory<8>(lane, {at, at, at + bytes}, bytes, share, own);
    const Pair digest = merged(lane, sum.sum, sum.bytes, own);
    if (lane.index() == 0) above[node] = digest;
  }
}

// Kernel 2: a thread block for each tensor, from its leaves to its sealed digest.
template <class Lane>
REPRISE_DEVICE void hash_upwards(Lane& lane, const NodeWork& work, const Secret& secret) {
  const Share<8> share(lane.index(), secret);
  const LaneSecret& own = secret.part[share.part];
  const u64 slot = work.replays == nullptr ? work.slot : (*work.replays - 1) & (work.slots - 1);
  REPRISE_ROLLED
  for (u64 tensor = lane.block(); tensor < work.table.tensors; tensor += lane.blocks()) {
    const Row& row = work.table.rows[tensor];
    const Pair* level = work.leaves + row.first_leaf;
    Pair* above = work.nodes + row.first_node;
    u64 count = leaves_of(row.bytes);
    REPRISE_ROLLED
    while (count > 1) {
      hash_level(lane, level, count, above, share, own);
      lane.block_barrier();
      level = above;
      count = parents_of(count);
      above += count;
    }
    if (lane.block_warp() != 0) continue;
    const Sealed seal{work.table.words + row.seal_at, row.seal_words, *level};
    const Pair sum = sum_of_message<8>(lane, seal, 1, share, own);
    const Pair digest = merged(lane, sum, block_size, own);
    if (lane.index() == 0) work.results[slot * work.table.tensors + tensor] = digest;
  }
}

}  // namespace reprise::cuda
