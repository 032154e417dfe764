// SPDX-License-Identifier: Apache-2.0
#pragma once
// A digest of which processes can take parts: that of a whole tensor is the sum of those of its rows, so that
// ranks that hold other rows of one tensor can be compared with one that holds them all. A row is what one
// index along the first axis names; a tensor without axes is one row. To the byte in docs/trace-format.md.
#include <cstdint>
#include <span>

#include "harness/tensor/digest.h"

namespace reprise {

// Rows [begin, end) of a tensor that lies here, the first of which is row `first` of the whole.
struct RowRange {
  std::int64_t begin = 0, end = 0, first = 0;
};

// The sum over these rows: of row r of the whole, the hash of r (8 bytes, little-endian) and of the root of
// the leaves of its row-major bytes. An Error if the tensor has no such rows.
Digest row_sum(const TensorView& tensor, const RowRange& rows);

// Of sums over other rows, the sum over all of them. Each half is added modulo 2^64.
Digest added(const Digest& a, const Digest& b);

}  // namespace reprise
