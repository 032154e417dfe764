// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers in bytes, least significant byte first, wherever they lie.
#include <cstdint>
#include <cstring>
#include <string_view>

#include "harness/tensor/digest.h"

namespace reprise {

// The caller knows that the bytes are there.
template <class Number>
Number number_at(Bytes bytes, std::uint64_t at) {
  Number number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

inline bool starts_with(Bytes bytes, std::string_view start) {
  return bytes.size() >= start.size() && std::memcmp(bytes.data(), start.data(), start.size()) == 0;
}

inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace reprise
