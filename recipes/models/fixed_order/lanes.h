// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the fixed-order operators become fast without another order: several outputs side by side, one in each
// lane, and outputs shared out among threads. Each output is the sum it would be alone, term by term, each
// term fused (one rounding, IEEE 754's fusedMultiplyAdd). Kernels are compiled twice: for processors whose
// instruction that is, and for all others, where the C library does it, slowly and to the same bits.
#include <ATen/Parallel.h>

#include <cmath>
#include <cstdint>

namespace reprise::fixed_order {

// Sums of `count` outputs that lie side by side.
template <std::int64_t count>
struct Lanes {
  float sums[count] = {};

  // sums[i] = fma(factor, row[i], sums[i])
  [[gnu::always_inline]] void add(float factor, const float* row) {
    for (std::int64_t i = 0; i < count; ++i) sums[i] = std::fma(factor, row[i], sums[i]);
  }
};

// `count` rounded up to whole lanes.
constexpr std::int64_t whole_lanes(std::int64_t count, std::int64_t lanes) {
  return (count + lanes - 1) / lanes * lanes;
}

// Whether kernels run with the processor's own fused instruction.
bool fuses_by_instruction();
// For tests: `allowed` false takes the C library's, as on a processor without the instruction.
void allow_fused_instruction(bool allowed);

#if defined(__x86_64__)
template <class Kernel>
__attribute__((target("avx2,fma"))) void with_instruction(const Kernel& kernel, std::int64_t from,
                                                          std::int64_t to) {
  kernel(from, to);
}
#else
template <class Kernel>
void with_instruction(const Kernel& kernel, std::int64_t from, std::int64_t to) {
  kernel(from, to);
}
#endif

// Calls kernel(from, to) for parts of [0, outputs), from as many threads as LibTorch has. The kernel is a
// lambda marked always_inline, or it is not compiled for the instruction.
template <class Kernel>
void over_outputs(std::int64_t outputs, const Kernel& kernel) {
  const bool fused = fuses_by_instruction();
  at::parallel_for(0, outputs, 1, [&](std::int64_t from, std::int64_t to) {
    if (fused)
      with_instruction(kernel, from, to);
    else
      kernel(from, to);
  });
}

}  // namespace reprise::fixed_order
