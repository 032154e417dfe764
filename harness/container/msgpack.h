// SPDX-License-Identifier: Apache-2.0
#pragma once
// MessagePack as plain data: a tree of values whose texts and bytes are views of the file. A reader of our
// own: Debian's msgpack-cxx needs all of Boost, and the reader of nlohmann-json copies arrays byte by byte.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/container/mapped_file.h"

namespace reprise::msgpack {

enum class Kind : std::uint8_t { none, truth, whole, natural, number, text, bytes, list, map, extension };

struct Value {
  Kind kind = Kind::none;
  std::int8_t type = 0;                // of an extension
  std::uint64_t bits = 0;              // of a truth value, a whole (negative) or natural number, or a double
  Bytes bytes{};                       // of a text, bytes, or an extension
  std::vector<std::uint32_t> items{};  // of a list; of a map key, value, key, value
};

// The values of one message, the first of them the root. Broken for what is cut short, nested deeper than 256
// levels or followed by something else, and for more than 10 million values.
std::vector<Value> read(Bytes message);

// The text of a text value; nothing for another.
std::optional<std::string_view> text(const Value& value);

}  // namespace reprise::msgpack
