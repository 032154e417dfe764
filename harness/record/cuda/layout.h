// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the host writes and the kernels read: plain structs of 64-bit words, for nvcc and for g++ alike.
// Sizes, offsets and addresses all have 64 bits: a tensor may hold more than 2^32 bytes, and a leaf's number
// may pass 2^31.
#include <cstdint>

#if defined(__CUDACC__)
#define REPRISE_DEVICE __device__ __forceinline__
#define REPRISE_BOTH __host__ __device__
#define REPRISE_UNROLLED _Pragma("unroll")
#define REPRISE_ROLLED _Pragma("unroll 1")
#else
#define REPRISE_DEVICE inline
#define REPRISE_BOTH
#define REPRISE_UNROLLED
#define REPRISE_ROLLED
#endif

namespace reprise::cuda {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

// The format's constants, as harness/tensor/digest.h has them (table.cpp checks that they agree).
constexpr u64 leaf_size = 16384, node_children = 1024, block_size = 1024;

REPRISE_BOTH constexpr u64 leaves_of(u64 bytes) { return bytes == 0 ? 1 : (bytes - 1) / leaf_size + 1; }
REPRISE_BOTH constexpr u64 parents_of(u64 children) { return (children - 1) / node_children + 1; }

// Two words: a lane's two accumulators, 16 bytes of a message, or a digest (low half, high half).
struct alignas(16) Pair {
  u64 first, second;
};

// The words of XXH3's secret for one of the four parts of a stripe: `stripe[s]` and `stripe[s + 1]` are the
// keys of stripe s; [16] and [17] are those of the scramble.
struct LaneSecret {
  Pair start;  // the accumulators' first values
  u64 stripe[18];
  Pair last;       // the keys of a message's last stripe
  Pair low, high;  // the keys of the two merges
};

struct Secret {
  LaneSecret part[4];
};

// An axis of a tensor that does not lie in row-major order. The stride, in bytes, is taken modulo 2^64: it
// may be negative. Multiplier and shift divide by the size (source.h).
struct Axis {
  u64 size, stride, multiplier, shift;
};

// One tensor. Rows stand in the order of their leaves.
struct Row {
  u64 address;  // of element (0, 0, ...)
  u64 bytes;
  u64 first_leaf;  // its place among the leaves of all tensors
  u64 first_node;  // its place among the nodes above the leaves
  u64 axes_at;     // where its axes stand, from the outermost inwards
  u64 seal_at;     // where its seal stands among the words, up to the root
  u32 axes;        // 0: it lies in row-major order
  u32 seal_words;
  u32 element_bytes, element_shift;  // 2^shift = bytes
};

struct Table {
  const Row* rows;
  const Axis* axes;
  const u64* words;
  u64 tensors, leaves;
};

// What the kernels get. `replays` is the device's counter of a graph's replays, null outside of a graph.
struct LeafWork {
  Table table;
  Pair* leaves;
  u64* replays;
};

// Results stand in rows of one digest for each tensor: row `slot`, or in a graph the replay's number modulo
// `slots`, a power of two.
struct NodeWork {
  Table table;
  const Pair* leaves;
  Pair* nodes;
  Pair* results;
  const u64* replays;
  u64 slot, slots;
};

}  // namespace reprise::cuda
