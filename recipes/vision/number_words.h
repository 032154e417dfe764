// SPDX-License-Identifier: Apache-2.0
#pragma once
// The digits of MNIST as text: "zero" to "nine", a letter a token, ends behind the last letter. The empty
// text stands for a condition that was dropped.
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace reprise {

inline constexpr std::int64_t word_length = 6;   // tokens: at most five letters and one end
inline constexpr std::int64_t word_tokens = 27;  // 0 ends a word; a to z are 1 to 26
inline constexpr std::int64_t word_count = 10;

// labels: I64 of [batch], 0 to 9 -> I64 of [batch, word_length], on their device.
at::Tensor words_for(const at::Tensor& labels);

}  // namespace reprise
