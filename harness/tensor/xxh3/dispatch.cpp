// SPDX-License-Identifier: Apache-2.0
#include <xxh_x86dispatch.h>

#include "harness/tensor/xxh3/xxh3.h"

namespace reprise {

Digest xxh3_128(const void* message, std::size_t bytes) {
  const XXH128_hash_t hash = XXH3_128bits_dispatch(message, bytes);
  return {hash.low64, hash.high64};
}

}  // namespace reprise
