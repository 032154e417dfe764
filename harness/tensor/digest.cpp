// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/digest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/tensor/xxh3/message.h"
#include "harness/tensor/xxh3/xxh3.h"

namespace reprise {

// A digest's memory is its 16 bytes in the format, so arrays of digests are hashed as they lie.
static_assert(std::endian::native == std::endian::little, "the format is little-endian");
static_assert(sizeof(Digest) == 16 && sizeof(std::pair<Digest, Digest>) == 32);

std::string to_text(const Digest& digest) {
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &digest, bytes.size());
  return hex(bytes);
}

std::optional<Digest> digest_from_text(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != sizeof(Digest)) return std::nullopt;
  Digest digest;
  std::memcpy(&digest, bytes->data(), sizeof digest);
  return digest;
}

Digest hash_message(Bytes message) {
  const std::size_t size = message.size();
  if (size != 0 && size % padding_bytes == 0) return xxh3_128(message.data(), size);
  check(size < leaf_bytes, "a hashed message is at most one leaf");
  alignas(64) std::array<std::byte, leaf_bytes>
      padded;  // left unset: only the part that is hashed gets a value
  const std::size_t whole = (size / padding_bytes + 1) * padding_bytes;
  if (size != 0) std::memcpy(padded.data(), message.data(), size);
  std::memset(padded.data() + size, 0, whole - size);
  return xxh3_128(padded.data(), whole);
}

std::vector<Digest> leaf_digests(Bytes data) {
  std::vector<Digest> leaves;
  leaves.reserve(leaf_count(data.size()));
  std::size_t at = 0;
  do {
    const std::size_t size = std::min(leaf_bytes, data.size() - at);
    leaves.push_back(hash_message(data.subspan(at, size)));
    at += size;
  } while (at < data.size());
  return leaves;
}

Digest tree_root(std::span<const Digest> leaves) {
  check(!leaves.empty(), "a tree has at least one leaf");
  std::vector<Digest> level;
  while (leaves.size() > 1) {
    std::vector<Digest> above;
    above.reserve((leaves.size() + fan_out - 1) / fan_out);
    for (std::size_t i = 0; i < leaves.size(); i += fan_out)
      above.push_back(hash_message(std::as_bytes(leaves.subspan(i, std::min(fan_out, leaves.size() - i)))));
    level = std::move(above);
    leaves = level;
  }
  return leaves.front();
}

Digest seal(std::string_view kind, std::string_view label, std::span<const std::uint64_t> sizes,
            const Digest& root) {
  constexpr std::size_t word = 16, most_sizes = 1024;
  check(kind.size() <= word && label.size() <= word, "kind and label of a seal have at most 16 bytes");
  check(sizes.size() <= most_sizes, "a seal holds at most 1024 sizes");
  // Padded here already, as hash_message would do it with a copy; the rest is left unset.
  constexpr std::size_t most = 3 * word + 8 * most_sizes + sizeof root;
  alignas(64) std::array<std::byte, (most / padding_bytes + 1) * padding_bytes> message;
  const std::size_t size = 3 * word + sizes.size_bytes() + sizeof root;
  const std::size_t whole = (size + padding_bytes - 1) / padding_bytes * padding_bytes;
  std::memset(message.data(), 0, whole);
  std::memcpy(message.data(), kind.data(), kind.size());
  if (!label.empty()) std::memcpy(message.data() + word, label.data(), label.size());
  const std::array<std::uint64_t, 2> counts = {leaf_bytes, sizes.size()};
  std::memcpy(message.data() + 2 * word, counts.data(), sizeof counts);
  if (!sizes.empty()) std::memcpy(message.data() + 3 * word, sizes.data(), sizes.size_bytes());
  std::memcpy(message.data() + size - sizeof root, &root, sizeof root);
  return xxh3_128(message.data(), whole);
}

Digest name_digest(std::string_view name) {
  const auto leaves = leaf_digests(std::as_bytes(std::span(name)));
  return seal("reprise.name.1", "", std::array<std::uint64_t, 1>{name.size()}, tree_root(leaves));
}

Digest set_digest(std::string_view kind, std::span<const std::pair<Digest, Digest>> sorted_entries) {
  const auto leaves = leaf_digests(std::as_bytes(sorted_entries));
  return seal("reprise.set.1", kind, std::array<std::uint64_t, 1>{sorted_entries.size()}, tree_root(leaves));
}

Digest set_digest(std::string_view kind, std::vector<std::pair<std::string, Digest>> members) {
  std::ranges::sort(members, {}, &std::pair<std::string, Digest>::first);
  std::vector<std::pair<Digest, Digest>> entries;
  entries.reserve(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0 && members[i].first == members[i - 1].first)
      fail(
          "the names in a set must differ, but '{}' stands in '{}' twice; give each tensor a name of its own",
          members[i].first, kind);
    entries.emplace_back(name_digest(members[i].first), members[i].second);
  }
  return set_digest(kind, entries);
}

Digest chain_next(std::uint64_t step, const Digest& previous, const Digest& root) {
  const std::array<Digest, 2> link = {previous, root};
  return seal("reprise.chain.1", "", std::array<std::uint64_t, 1>{step},
              hash_message(std::as_bytes(std::span(link))));
}

}  // namespace reprise
