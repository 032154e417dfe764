// SPDX-License-Identifier: Apache-2.0
#pragma once
// Distances between two floating-point tensors of one dtype, element by element, from their raw bytes.
#include <cstddef>
#include <span>
#include <string_view>

#include "harness/judge/compare/diff.h"

namespace reprise {

// Fills in all but the name. Differing means other raw bits. ULP: how many representable values lie between
// two elements, plus one; -0 and +0 differ in bits and are 0 ULP apart. Where bits differ and a side is NaN,
// ULP saturates; where a side is NaN or infinite, max_absolute and relative_l2 are infinite. Elements of `a`
// that are not finite are left out of |a|. Sums are taken in double in index order. For a dtype that is no
// float, only elements and differing are filled in.
TensorDistance distance_of(std::string_view dtype, std::span<const std::byte> a,
                           std::span<const std::byte> b);

}  // namespace reprise
