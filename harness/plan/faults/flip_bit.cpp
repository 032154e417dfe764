// SPDX-License-Identifier: Apache-2.0
// The smallest change of a weight that there is.
#include "harness/plan/fault.h"

namespace reprise::faults {

extern const Fault flip_bit{
    .summary = "one bit of one weight flipped",
    .stage = "weights",
    // Little-endian: the first byte has the lowest bit of the mantissa.
    .weight = [](std::span<std::byte> element) { element[0] ^= std::byte{1}; },
};

}  // namespace reprise::faults
