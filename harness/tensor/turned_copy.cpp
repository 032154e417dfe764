// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/turned_copy.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace reprise {
namespace {

constexpr std::size_t vector_bytes = 16;  // that every processor has registers for

// As many elements as a register holds. A name for each: g++ drops the attribute where it depends on a
// template.
template <std::size_t size>
struct Register;
template <>
struct Register<1> {
  typedef std::uint8_t Lanes __attribute__((vector_size(vector_bytes)));
  Lanes lanes;
};
template <>
struct Register<2> {
  typedef std::uint16_t Lanes __attribute__((vector_size(vector_bytes)));
  Lanes lanes;
};
template <>
struct Register<4> {
  typedef std::uint32_t Lanes __attribute__((vector_size(vector_bytes)));
  Lanes lanes;
};
template <>
struct Register<8> {
  typedef std::uint64_t Lanes __attribute__((vector_size(vector_bytes)));
  Lanes lanes;
};

// The lower, or the upper, halves of two vectors, lane by lane in turn.
template <std::size_t half, class R, std::size_t... lane>
R zipped(const R& a, const R& b, std::index_sequence<lane...>) {
  constexpr std::size_t lanes = sizeof...(lane);
  return {__builtin_shufflevector(a.lanes, b.lanes, (half * lanes / 2 + lane / 2 + lane % 2 * lanes)...)};
}

// A square of lanes x lanes elements: each round is a perfect shuffle, and after log2(lanes) of them rows are
// columns.
template <std::size_t size>
void turn_square(std::byte* to, std::int64_t to_stride, const std::byte* from, std::int64_t from_stride) {
  constexpr std::size_t lanes = vector_bytes / size;
  constexpr std::make_index_sequence<lanes> all;
  std::array<Register<size>, lanes> now, next;
  // Unrolled, so that all of it stays in registers.
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i)
    std::memcpy(&now[i], from + static_cast<std::int64_t>(i) * from_stride, vector_bytes);
#pragma GCC unroll 4
  for (std::size_t round = 1; round < lanes; round *= 2) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < lanes / 2; ++i) {
      next[2 * i] = zipped<0>(now[i], now[i + lanes / 2], all);
      next[2 * i + 1] = zipped<1>(now[i], now[i + lanes / 2], all);
    }
    now = next;
  }
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i)
    std::memcpy(to + static_cast<std::int64_t>(i) * to_stride, &now[i], vector_bytes);
}

// Element by element: of what is no whole square, and of elements as wide as a register.
template <std::size_t size>
void copy_block(std::byte* to, const std::byte* from, std::int64_t rows, std::int64_t count,
                std::int64_t columns, std::int64_t stride) {
  constexpr auto step = static_cast<std::int64_t>(size);
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c)
      std::memcpy(to + (r * count + c) * step, from + r * step + c * stride, size);
}

// First into a tile: columns often lie a power of two apart, and would drive one another out of the cache.
template <std::size_t size>
void copy_columns(std::byte* to, const std::byte* from, std::int64_t rows, std::int64_t count,
                  std::int64_t columns, std::int64_t stride) {
  constexpr auto step = static_cast<std::int64_t>(size),
                 lanes = static_cast<std::int64_t>(vector_bytes / size);
  constexpr std::int64_t most = 64, tile_stride = turned_rows * step;
  alignas(64) std::array<std::byte, static_cast<std::size_t>(most * tile_stride)> tile;
  for (std::int64_t c = 0; c < columns; ++c)
    std::memcpy(tile.data() + c * tile_stride, from + c * stride, static_cast<std::size_t>(rows * step));
  const std::int64_t whole_rows = rows / lanes * lanes, whole_columns = columns / lanes * lanes;
  for (std::int64_t r = 0; r < whole_rows; r += lanes)
    for (std::int64_t c = 0; c < whole_columns; c += lanes)
      turn_square<size>(to + (r * count + c) * step, count * step, tile.data() + c * tile_stride + r * step,
                        tile_stride);
  copy_block<size>(to + whole_columns * step, tile.data() + whole_columns * tile_stride, rows, count,
                   columns - whole_columns, tile_stride);
  copy_block<size>(to + whole_rows * count * step, tile.data() + whole_rows * step, rows - whole_rows, count,
                   whole_columns, tile_stride);
}

template <std::size_t size>
void copy_all(std::byte* to, const std::byte* from, std::int64_t rows, std::int64_t count,
              std::int64_t stride) {
  constexpr std::int64_t columns = 64;
  constexpr auto step = static_cast<std::int64_t>(size);
  for (std::int64_t r = 0; r < rows; r += turned_rows)
    for (std::int64_t c = 0; c < count; c += columns) {
      const std::int64_t some_rows = std::min(turned_rows, rows - r), some = std::min(columns, count - c);
      std::byte* at = to + (r * count + c) * step;
      if constexpr (size == vector_bytes)
        copy_block<size>(at, from + r * step + c * stride, some_rows, count, some, stride);
      else
        copy_columns<size>(at, from + r * step + c * stride, some_rows, count, some, stride);
    }
}

}  // namespace

void copy_turned(std::byte* to, const std::byte* from, std::int64_t rows, std::int64_t count,
                 std::int64_t stride, std::size_t size) {
  switch (size) {
    case 1:
      return copy_all<1>(to, from, rows, count, stride);
    case 2:
      return copy_all<2>(to, from, rows, count, stride);
    case 4:
      return copy_all<4>(to, from, rows, count, stride);
    case 8:
      return copy_all<8>(to, from, rows, count, stride);
    default:
      return copy_all<16>(to, from, rows, count, stride);
  }
}

}  // namespace reprise
