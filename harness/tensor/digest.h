// SPDX-License-Identifier: Apache-2.0
#pragma once
// The digest: a tree of XXH3-128 over 16 KiB leaves, fan-out 1024, every hashed message zero-padded to 1 KiB,
// sealed with kind, label and sizes. It finds differences; it proves nothing against a forger. To the byte in
// docs/trace-format.md, with known answers anyone can recompute with `xxhsum -H2` or Python's xxhash.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reprise {

// 128 bits: the low and the high half as XXH3 gives them. All zero means "no digest was taken here".
struct Digest {
  std::uint64_t low = 0, high = 0;
  auto operator<=>(const Digest&) const = default;
  bool present() const { return low != 0 || high != 0; }
};

// 32 hexadecimal digits: the bytes of low, then of high, each little-endian.
std::string to_text(const Digest& digest);
std::optional<Digest> digest_from_text(std::string_view text);

inline constexpr std::size_t leaf_bytes = 16384;  // bytes of data per leaf
inline constexpr std::size_t fan_out = 1024;      // digests per node: 16 KiB again

// How many leaves so many bytes of data have: at least one.
constexpr std::uint64_t leaf_count(std::uint64_t bytes) {
  return bytes == 0 ? 1 : (bytes + leaf_bytes - 1) / leaf_bytes;
}

using Bytes = std::span<const std::byte>;

// One digest per 16 KiB of data; no data at all has one leaf.
std::vector<Digest> leaf_digests(Bytes data);
// Leaves to one digest; a single leaf is its own root. `leaves` is not empty.
Digest tree_root(std::span<const Digest> leaves);
// Binds kind and label (ASCII, at most 16 bytes each) and sizes to a tree's root.
Digest seal(std::string_view kind, std::string_view label, std::span<const std::uint64_t> sizes,
            const Digest& root);

// A tensor's content as it lies in memory: element (i, j, ...) starts at data + element_bytes * (i*strides[0]
// + ...). `dtype` is the safetensors name: BOOL U8 I8 I16 I32 I64 F16 BF16 F32 F64 C64 C128 and so on.
// Strides count elements and may be zero or negative; `data` points at element (0, 0, ...).
struct TensorView {
  std::string_view dtype;
  std::span<const std::int64_t> shape, strides;
  const void* data = nullptr;
  std::size_t element_bytes = 0;
};

struct ContentDigest {
  Digest digest;               // sealed with dtype and shape
  std::vector<Digest> leaves;  // unsealed
};

// Digest of the logical row-major bytes, whatever the memory layout.
ContentDigest digest_of(const TensorView& tensor);
// The same for bytes that already lie in row-major order.
Digest tensor_digest(std::string_view dtype, std::span<const std::int64_t> shape, Bytes row_major);
// Seals leaves that were taken before: tensor_digest without the data. `bytes` is the data's size.
Digest sealed_tensor(std::string_view dtype, std::span<const std::int64_t> shape, std::uint64_t bytes,
                     std::span<const Digest> leaves);

// Digest of a name (UTF-8): made once per run and kept.
Digest name_digest(std::string_view name);

// A set of named digests: a stage (of tensors) or a state (of stages). Any order; names must differ. The
// first of each pair is the name itself; members are sorted by the bytes of their names.
Digest set_digest(std::string_view kind, std::vector<std::pair<std::string, Digest>> members);
// The same for callers that keep names sorted and their digests ready: entries are {name_digest, digest}, in
// order.
Digest set_digest(std::string_view kind, std::span<const std::pair<Digest, Digest>> sorted_entries);

// The chain through a trace: chain_0 = chain_next(0, {}, root_0), chain_t = chain_next(t, chain_{t-1},
// root_t). Two traces have equal chains at t exactly if their roots agree at every step up to t.
Digest chain_next(std::uint64_t step, const Digest& previous, const Digest& root);

}  // namespace reprise
