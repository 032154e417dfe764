// SPDX-License-Identifier: Apache-2.0
#pragma once
// The wire format of protobuf, as far as ONNX needs it: fields one after the other, none interpreted. A
// reader of our own, as libprotobuf copies every byte of a model and links in three megabytes.
#include <optional>

#include "harness/container/byte_reader.h"
#include "harness/container/mapped_file.h"

namespace reprise {

enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct WireField {
  std::uint64_t number;
  Wire kind;
  std::uint64_t value;  // of a varint
  Kept bytes;           // of all others; of a fixed one its 8 or 4
};

class WireReader {
 public:
  explicit WireReader(Kept message) : message_(std::move(message)), from_(message_.bytes) {}
  // Nothing at the end of the message; Broken for what is no field.
  std::optional<WireField> next();

 private:
  Kept message_;
  ByteReader from_;
};

// At most ten bytes, of seven bits each.
std::uint64_t take_varint(ByteReader& from);

}  // namespace reprise
