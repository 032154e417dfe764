// SPDX-License-Identifier: Apache-2.0
#pragma once
// The values of a tensor of some file, once its bytes are at hand.
#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

std::vector<std::int64_t> row_major_strides(std::span<const std::int64_t> shape);
std::vector<std::int64_t> column_major_strides(std::span<const std::int64_t> shape);

// How many elements of memory a view reaches, from its first element on; Broken for strides that cannot be.
std::uint64_t reach_of(std::string_view name, std::span<const std::int64_t> shape,
                       std::span<const std::int64_t> strides);

// A copy in row-major order that may be changed.
std::vector<std::byte> gathered(std::string_view dtype, std::span<const std::int64_t> shape,
                                const TensorData& data);
// Turns each group of `size` bytes round.
void swap_bytes(std::span<std::byte> bytes, std::size_t size);
// Flips signs: of all parts (neg), of the imaginary parts (conj).
void flip_signs(std::vector<std::byte>& bytes, std::string_view dtype, bool negated, bool conjugated);
Kept kept(std::vector<std::byte> bytes);

}  // namespace reprise
