// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rotary positions (RoPE): numbers 2j and 2j+1 of a head are turned by the angle position * base^(-2j/size).
// The tables are made once, in double on the CPU, and rounded: what a device or a number format makes of sine
// and cosine moves no bit. They belong into the trace's data (tables()).
#include <ATen/core/Tensor.h>

#include <cstdint>

#include "recipes/models/parameters.h"

namespace reprise {

class Rotary {
 public:
  Rotary() = default;
  // `size` of what is turned, an even number; positions 0 to length - 1.
  Rotary(const Setup& setup, std::int64_t size, std::int64_t length, double base);
  // x: [batch, heads, length, size], of positions 0 to length - 1.
  at::Tensor operator()(const at::Tensor& x) const;
  Tensors tables() const { return {{"rope.cos", cosine_}, {"rope.sin", sine_}}; }

 private:
  at::Tensor cosine_, sine_;  // [length, size / 2]
};

}  // namespace reprise
