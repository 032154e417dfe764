// SPDX-License-Identifier: Apache-2.0
#include "recipes/data/token_data.h"

#include <ATen/ops/empty.h>

#include "harness/base/philox.h"

namespace reprise {

at::Tensor make_tokens(std::uint64_t seed, std::int64_t first, std::int64_t count, std::int64_t vocabulary) {
  const Philox draws{seed, Stream::data, 0};
  const auto known = static_cast<std::uint64_t>(vocabulary);
  const at::Tensor tokens = at::empty({count}, at::kLong);
  auto* out = tokens.mutable_data_ptr<std::int64_t>();
  std::uint64_t before = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t bits = draws.bits64(static_cast<std::uint64_t>(first + i));
    // The upper bits choose which of the two it is; the lower ones are the token.
    const bool drawn = i == 0 || bits >> 62 == 0;
    before = drawn ? (bits & 0xFFFFFFFF) % known : (before * 31 + 7) % known;
    out[i] = static_cast<std::int64_t>(before);
  }
  return tokens;
}

}  // namespace reprise
