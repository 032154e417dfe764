// SPDX-License-Identifier: Apache-2.0
#pragma once
// XXH3-128 with seed 0 and the default secret, of one message. The build picks the file behind it:
// dispatch.cpp (x86: the library chooses the instruction set at run time) or plain.cpp (everything else). The
// bits are the same.
#include <cstddef>

#include "harness/tensor/digest.h"

namespace reprise {

Digest xxh3_128(const void* message, std::size_t bytes);

}  // namespace reprise
