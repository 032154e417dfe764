// SPDX-License-Identifier: Apache-2.0
#pragma once
// Distances between two floating-point tensors of one dtype, element by element, from their raw bytes.
#include <cstddef>
#include <span>
#include <string_view>

#include "harness/judge/diff.h"

namespace reprise {

// Fills in all but the name. ULP: the number of representable values between two elements, -0 and +0 counting
// as neighbours of none (distance 0); an element that is NaN on one side only, or on both with other bits,
// counts as differing with the largest distance. Differing means other raw bits. Sums are taken in double in
// index order. For a dtype that is no float, only elements and differing are filled in.
TensorDistance distance_of(std::string_view dtype, std::span<const std::byte> a,
                           std::span<const std::byte> b);

}  // namespace reprise
