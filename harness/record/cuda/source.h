// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the 16 bytes at some offset of a message come from: memory at any address, the elements of a tensor
// of any strides, or the words of a seal. Behind the end of the data a message goes on with zeros. No byte
// outside of the data is ever read.
#include "harness/record/cuda/layout.h"

namespace reprise::cuda {

REPRISE_DEVICE u64 high_product(u64 a, u64 b) {
  __extension__ typedef unsigned __int128 u128;
  return static_cast<u64>(static_cast<u128>(a) * b >> 64);
}

// The message begins at address `at`; data are the bytes in [begin, end), which hold the message or begin
// before it.
struct Stretch {
  u64 at, begin, end;

  template <class Lane>
  REPRISE_DEVICE u64 word(const Lane& lane, u64 address) const {
    if (address >= begin && address + 8 <= end) return lane.template load<u64>(address);
    u64 word = 0;
    for (u32 i = 0; i < 8; ++i)
      if (address + i >= begin && address + i < end)
        word |= static_cast<u64>(lane.template load<u8>(address + i)) << (8 * i);
    return word;
  }

  template <class Lane>
  REPRISE_DEVICE Pair chunk(const Lane& lane, u32 offset) const {
    const u64 from = at + offset, aligned = from & ~u64{7};
    const u32 shift = static_cast<u32>(from & 7) * 8;
    const u64 first = word(lane, aligned), second = word(lane, aligned + 8);
    if (shift == 0) return {first, second};
    const u64 third = word(lane, aligned + 16);
    return {first >> shift | second << (64 - shift), second >> shift | third << (64 - shift)};
  }
};

// Division by a number that the host knows: a 64-bit division on the device is a call that spills registers.
REPRISE_DEVICE u64 quotient(u64 number, const Axis& axis) {
  const u64 product = high_product(number, axis.multiplier);
  return (((number - product) >> 1) + product) >> axis.shift;
}

// Elements in logical row-major order; the message begins with element `first`.
struct Strided {
  const Axis* axes;  // from the outermost inwards
  u32 count, element_bytes, element_shift;
  u64 base, first, elements;

  struct Place {
    u64 address, inner;  // inner: the index along the innermost axis
  };

  REPRISE_DEVICE Place place_of(u64 element) const {
    Place place{base, 0};
    for (u32 axis = count; axis-- > 0;) {
      const u64 outer = axis == 0 ? 0 : quotient(element, axes[axis]);
      const u64 index = element - outer * axes[axis].size;
      place.address += index * axes[axis].stride;
      if (axis + 1 == count) place.inner = index;
      element = outer;
    }
    return place;
  }

  template <class Lane>
  REPRISE_DEVICE Pair element_at(const Lane& lane, u64 address) const {
    const u32 alignment = element_bytes < 8 ? element_bytes : 8;
    if ((address & (alignment - 1)) != 0) {
      const Stretch bytes{address, address, address + element_bytes};
      return bytes.chunk(lane, 0);
    }
    switch (element_bytes) {
      case 1:
        return {lane.template load<u8>(address), 0};
      case 2:
        return {lane.template load<u16>(address), 0};
      case 4:
        return {lane.template load<u32>(address), 0};
      case 8:
        return {lane.template load<u64>(address), 0};
      default:
        return {lane.template load<u64>(address), lane.template load<u64>(address + 8)};
    }
  }

  template <class Lane>
  REPRISE_DEVICE Pair chunk(const Lane& lane, u32 offset) const {
    const u64 inner_size = axes[count - 1].size, inner_stride = axes[count - 1].stride;
    u64 element = first + (offset >> element_shift);
    Pair chunk{0, 0};
    if (element >= elements) return chunk;
    Place place = place_of(element);
    for (u32 bit = 0; bit < 128; bit += 8 * element_bytes) {
      const Pair value = element_at(lane, place.address);
      if (bit < 64) chunk.first |= value.first << bit;
      if (bit == 0 && element_bytes == 16) chunk.second = value.second;
      if (bit >= 64) chunk.second |= value.first << (bit - 64);
      if (++element == elements) break;
      place.address += inner_stride;
      if (++place.inner == inner_size) place = place_of(element);
    }
    return chunk;
  }
};

// A tensor's seal: its words, then the root.
struct Sealed {
  const u64* words;
  u32 count;
  Pair root;

  REPRISE_DEVICE u64 word(u32 index) const {
    if (index < count) return words[index];
    return index == count ? root.first : index == count + 1 ? root.second : 0;
  }

  template <class Lane>
  REPRISE_DEVICE Pair chunk(const Lane&, u32 offset) const {
    return {word(offset / 8), word(offset / 8 + 1)};
  }
};

}  // namespace reprise::cuda
