// SPDX-License-Identifier: Apache-2.0
#pragma once
// A text as numbers: its characters (bytes), sorted, are the vocabulary.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/base/philox.h"

namespace reprise {

struct TextData {
  at::Tensor train, validation;  // [characters], I64: the first 90 % of them, and the rest
  std::int64_t vocabulary = 0;
};
TextData characters_of(std::string_view text);

struct TextBatch {
  at::Tensor inputs, targets;  // [batch, block]; a target is the next character
};
// Windows of `block` characters that begin at the offsets [batch]. An offset too near the end is an Error.
TextBatch windows(const at::Tensor& text, const at::Tensor& offsets, std::int64_t block);

// Offsets of windows to evaluate on, `batches` of [batch]: the same at every evaluation and under every seed,
// so that losses can be compared. A text too short for one window is an Error.
std::vector<at::Tensor> fixed_offsets(const at::Tensor& text, std::int64_t block, std::int64_t batches,
                                      std::int64_t batch);
// The same from `draws`, whatever these are.
std::vector<at::Tensor> drawn_offsets(const at::Tensor& text, std::int64_t block, std::int64_t batches,
                                      std::int64_t batch, const Philox& draws);

}  // namespace reprise
