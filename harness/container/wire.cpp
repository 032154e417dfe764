// SPDX-License-Identifier: Apache-2.0
#include "harness/container/wire.h"

namespace reprise {

std::uint64_t take_varint(ByteReader& from) {
  constexpr int longest = 10;
  std::uint64_t value = 0;
  for (int i = 0; i < longest; ++i) {
    const auto byte = from.number<std::uint8_t>("a number of its protobuf");
    value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) return value;
  }
  broken("a number of its protobuf ends nowhere near byte {}", from.at());
}

std::optional<WireField> WireReader::next() {
  constexpr std::string_view what = "a field of its protobuf";
  if (from_.left() == 0) return std::nullopt;
  const std::uint64_t key = take_varint(from_);
  WireField field{key >> 3, static_cast<Wire>(key & 7), 0, {}};
  if (field.number == 0) broken("its protobuf has a field without a number before byte {}", from_.at());
  if (field.kind == Wire::varint) return field.value = take_varint(from_), field;
  std::uint64_t length = 0;
  if (field.kind == Wire::bytes)
    length = take_varint(from_);
  else if (field.kind == Wire::fixed64 || field.kind == Wire::fixed32)
    length = field.kind == Wire::fixed64 ? 8 : 4;
  else
    broken("its protobuf has a field of the unknown kind {} before byte {}", key & 7, from_.at());
  const std::uint64_t begin = from_.at();
  from_.take(length, what);
  field.bytes = part_of(message_, begin, length);
  return field;
}

}  // namespace reprise
