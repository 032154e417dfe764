// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one hash function of the format: XXH3-128 of a message zero-padded to a multiple of 1 KiB (an empty
// message is 1 KiB of zeros). The padding keeps every message on XXH3's long path.
#include "harness/tensor/digest.h"

namespace reprise {

inline constexpr std::size_t padding_bytes = 1024;

// At most leaf_bytes; a whole multiple of 1 KiB is hashed where it lies.
Digest hash_message(Bytes message);

}  // namespace reprise
