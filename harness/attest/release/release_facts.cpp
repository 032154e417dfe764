// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/release/release_facts.h"

#include <fmt/format.h>

namespace reprise {

std::string size_words(std::uint64_t bytes) {
  const auto count = static_cast<double>(bytes);
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  if (bytes < 1000000) return fmt::format("{:.1f} kB", count / 1e3);
  if (bytes < 1000000000) return fmt::format("{:.1f} MB", count / 1e6);
  return fmt::format("{:.1f} GB", count / 1e9);
}

std::uint64_t bytes_of(const std::vector<ReleasedFile>& files, std::string_view ending) {
  std::uint64_t bytes = 0;
  for (const auto& file : files)
    if (file.name.ends_with(ending)) bytes += file.bytes;
  return bytes;
}

}  // namespace reprise
