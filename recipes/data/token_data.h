// SPDX-License-Identifier: Apache-2.0
#pragma once
// Generated tokens with something to learn in them: three times of four a token follows from the one before
// it, else it is drawn. Whole numbers only: the same on every machine.
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace reprise {

// `count` tokens below `vocabulary`, as I64 of shape [count], from token number `first` on. Where `first` is
// the same, a longer text begins with the shorter one.
at::Tensor make_tokens(std::uint64_t seed, std::int64_t first, std::int64_t count, std::int64_t vocabulary);

}  // namespace reprise
