// SPDX-License-Identifier: Apache-2.0
#pragma once
// A text as the bytes of a file in memory.
#include <string>

#include "harness/container/mapped_file.h"

namespace reprise {

// A text with zeros in it, as "\x00\x01"_bytes.
inline std::string operator""_bytes(const char* text, std::size_t size) { return {text, size}; }

// The caller keeps the text.
inline Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

inline Kept kept(const std::string& text) {
  const auto owner = std::make_shared<const std::string>(text);
  return {bytes_of(*owner), owner};
}

}  // namespace reprise
