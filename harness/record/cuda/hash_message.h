// SPDX-License-Identifier: Apache-2.0
#pragma once
// XXH3-128 (seed 0, default secret) of one message of 1 to 16 KiB, a multiple of 1 KiB, by `groups` groups of
// four lanes each: 1 (four lanes a message) or 8 (a warp a message). A stripe of 64 bytes has four parts of
// 16 bytes, one for each lane of a group. Within a block of 1 KiB the stripes' products are summed modulo
// 2^64, in any order, so the groups share a block's 16 stripes; only the scramble at a block's end goes one
// after the other. Written over a `Lane`, which loads, shuffles and knows its number: a thread of a GPU, or a
// fiber on the host in tests.
#include "harness/record/cuda/source.h"

namespace reprise::cuda {

constexpr u32 stripes_of_block = 16, stripe_bytes = 64, full_blocks = leaf_size / block_size;
constexpr u64 prime32_1 = 0x9E3779B1u, prime64_1 = 0x9E3779B185EBCA87u, prime64_2 = 0xC2B2AE3D27D4EB4Fu;

REPRISE_DEVICE u64 product_of_halves(u64 word) { return (word & 0xFFFFFFFFu) * (word >> 32); }

REPRISE_DEVICE Pair accumulate(Pair sum, Pair data, u64 key, u64 next_key) {
  return {product_of_halves(data.first ^ key) + sum.first + data.second,
          product_of_halves(data.second ^ next_key) + sum.second + data.first};
}

REPRISE_DEVICE u64 scramble(u64 sum, u64 key) { return (sum ^ sum >> 47 ^ key) * prime32_1; }

REPRISE_DEVICE u64 folded_product(u64 a, u64 b) { return (a * b) ^ high_product(a, b); }

REPRISE_DEVICE u64 avalanche(u64 hash) {
  hash = (hash ^ hash >> 37) * 0x165667919E3779F9u;
  return hash ^ hash >> 32;
}

// One lane's share of a message. The keys of its stripes are held in registers; with one group, a stripe's
// second key is the next one's first.
template <u32 groups>
struct Share {
  static constexpr u32 stripes = stripes_of_block / groups, step = groups == 1 ? 1 : 2;
  u64 keys[groups == 1 ? stripes + 1 : 2 * stripes];
  u32 part, group;

  REPRISE_DEVICE Share(u32 lane, const Secret& secret) : part(lane % 4), group(lane / 4 % groups) {
    const LaneSecret& own = secret.part[part];
    if constexpr (groups == 1) {
      REPRISE_UNROLLED
      for (u32 s = 0; s <= stripes; ++s) keys[s] = own.stripe[s];
    } else {
      REPRISE_UNROLLED
      for (u32 s = 0; s < stripes; ++s) {
        keys[2 * s] = own.stripe[group + s * groups];
        keys[2 * s + 1] = own.stripe[group + s * groups + 1];
      }
    }
  }
  REPRISE_DEVICE u32 offset_of(u32 stripe) const {
    return (group + stripe * groups) * stripe_bytes + part * 16;
  }
  REPRISE_DEVICE bool ends_block(u32 stripe) const { return stripe + 1 == stripes && group + 1 == groups; }
};

// The end of a block: the groups' sums come together, and all but a message's last block are scrambled.
template <u32 groups, class Lane>
REPRISE_DEVICE Pair end_block(Lane& lane, Pair sum, bool last, const LaneSecret& own) {
  REPRISE_UNROLLED
  for (u32 distance = 4; distance < 4 * groups; distance *= 2) {
    sum.first += lane.shuffle_xor(sum.first, distance);
    sum.second += lane.shuffle_xor(sum.second, distance);
  }
  if (last) return sum;
  return {scramble(sum.first, own.stripe[16]), scramble(sum.second, own.stripe[17])};
}

// `ahead` whole blocks from `address` on, a multiple of 16; all their loads are under way at once. The last
// batch of a leaf is code of its own: so no stripe of the others asks whether it is the last.
template <u32 groups, u32 ahead, bool last_batch, class Lane>
REPRISE_DEVICE Pair add_blocks(Lane& lane, Pair sum, u64 address, const Share<groups>& share,
                               const LaneSecret& own) {
  constexpr u32 stripes = Share<groups>::stripes, step = Share<groups>::step;
  Pair data[ahead * stripes];
  REPRISE_UNROLLED
  for (u32 i = 0; i < ahead * stripes; ++i)
    data[i] = lane.stream(address + i / stripes * block_size + share.offset_of(i % stripes));
  REPRISE_UNROLLED
  for (u32 block = 0; block < ahead; ++block) {
    const bool last = last_batch && block + 1 == ahead;
    if (share.group != 0) sum = {0, 0};
    REPRISE_UNROLLED
    for (u32 s = 0; s < stripes; ++s) {
      const bool ends = last && share.ends_block(s);
      sum = accumulate(sum, data[block * stripes + s], ends ? own.last.first : share.keys[s * step],
                       ends ? own.last.second : share.keys[s * step + 1]);
    }
    sum = end_block<groups>(lane, sum, last, own);
  }
  return sum;
}

// A whole leaf at an address that is a multiple of 16.
template <u32 groups, class Lane>
REPRISE_DEVICE Pair sum_of_leaf(Lane& lane, u64 address, const Share<groups>& share, const LaneSecret& own) {
  constexpr u32 ahead = groups == 1 ? 1 : 4;
  Pair sum = own.start;
  REPRISE_ROLLED
  for (u32 block = 0; block < full_blocks - ahead; block += ahead)
    sum = add_blocks<groups, ahead, false>(lane, sum, address + block * block_size, share, own);
  return add_blocks<groups, ahead, true>(lane, sum, address + (full_blocks - ahead) * block_size, share, own);
}

// Any message; short code rather than fast code.
template <u32 groups, class Lane, class Source>
REPRISE_DEVICE Pair sum_of_message(Lane& lane, const Source& source, u32 blocks, const Share<groups>& share,
                                   const LaneSecret& own) {
  Pair sum = own.start;
  REPRISE_ROLLED
  for (u32 block = 0; block < blocks; ++block) {
    const bool last = block + 1 == blocks;
    if (share.group != 0) sum = {0, 0};
    REPRISE_ROLLED
    for (u32 s = 0; s < Share<groups>::stripes; ++s) {
      const u32 stripe = share.group + s * groups;
      const bool ends = last && share.ends_block(s);
      sum = accumulate(sum, source.chunk(lane, static_cast<u32>(block * block_size) + share.offset_of(s)),
                       ends ? own.last.first : own.stripe[stripe],
                       ends ? own.last.second : own.stripe[stripe + 1]);
    }
    sum = end_block<groups>(lane, sum, last, own);
  }
  return sum;
}

// The digest from the four parts' sums; all lanes of the warp take part.
template <class Lane>
REPRISE_DEVICE Pair merged(Lane& lane, Pair sum, u64 bytes, const LaneSecret& own) {
  u64 low = folded_product(sum.first ^ own.low.first, sum.second ^ own.low.second);
  u64 high = folded_product(sum.first ^ own.high.first, sum.second ^ own.high.second);
  REPRISE_UNROLLED
  for (u32 distance = 1; distance < 4; distance *= 2) {
    low += lane.shuffle_xor(low, distance);
    high += lane.shuffle_xor(high, distance);
  }
  return {avalanche(low + bytes * prime64_1), avalanche(high + ~(bytes * prime64_2))};
}

}  // namespace reprise::cuda
