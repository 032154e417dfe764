// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file's bytes as memory, read by the kernel when they are looked at. Whoever keeps a view keeps the `Kept`
// that came with it, so that the memory stays.
#include <filesystem>
#include <memory>

#include "harness/tensor/digest.h"

namespace reprise {

// Bytes, and what keeps them alive.
struct Kept {
  Bytes bytes;
  std::shared_ptr<const void> owner;
};

// An Error if the path leads to no regular file that may be read.
Kept map_file(const std::filesystem::path& path);

// A part of the same memory.
inline Kept part_of(const Kept& whole, std::uint64_t begin, std::uint64_t length) {
  return {whole.bytes.subspan(begin, length), whole.owner};
}

}  // namespace reprise
