// SPDX-License-Identifier: Apache-2.0
#include <xxh_x86dispatch.h>

#include "harness/tensor/xxh3/xxh3.h"

namespace reprise {
namespace {

// The library leaves the upper halves of the AVX registers in use. Until they are given up, every SSE
// instruction that follows waits for them: 100 ns for a small tensor, as long as its two hashes take.
void give_up_upper_halves() {
  static const bool has_them = __builtin_cpu_supports("avx") != 0;
  if (has_them)
    asm volatile("vzeroupper" ::
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                       "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

}  // namespace

Digest xxh3_128(const void* message, std::size_t bytes) {
  const XXH128_hash_t hash = XXH3_128bits_dispatch(message, bytes);
  give_up_upper_halves();
  return {hash.low64, hash.high64};
}

}  // namespace reprise
