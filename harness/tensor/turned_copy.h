// SPDX-License-Identifier: Apache-2.0
#pragma once
// Copies a block of elements whose rows lie side by side in memory (a transposed matrix) into rows that lie
// one after the other. Each cache line is read once, whole, and turned in registers.
#include <cstddef>
#include <cstdint>

namespace reprise {

// Rows that are worth to be copied at once: fewer leave parts of cache lines unused.
inline constexpr std::int64_t turned_rows = 32;

// Element (r, c) is at from + r * size + c * stride bytes, and goes to to + (r * count + c) * size, for all
// r < rows and c < count. `size`: 1, 2, 4, 8 or 16 bytes.
void copy_turned(std::byte* to, const std::byte* from, std::int64_t rows, std::int64_t count,
                 std::int64_t stride, std::size_t size);

}  // namespace reprise
