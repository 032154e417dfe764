// SPDX-License-Identifier: Apache-2.0
// TensorBoard's event files: TFRecord frames, each a protocol buffer Event with a Summary in it.
#include <array>
#include <cmath>

#include "harness/container/wire.h"
#include "harness/judge/claim/numbers.h"

namespace reprise {
namespace {

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);  // Castagnoli
    table[i] = crc;
  }
  return table;
}

std::uint32_t masked_crc(Bytes bytes) {
  static constexpr auto table = crc_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::byte byte : bytes)
    crc = table[(crc ^ static_cast<std::uint32_t>(byte)) & 0xFF] ^ (crc >> 8);
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

Kept lent(Bytes bytes) { return {bytes, nullptr}; }

struct Scalar32 {
  std::string tag;
  std::optional<double> value;
};

// TensorProto: 5 are floats and 6 doubles, packed or not; 4 the same as raw bytes of the type in 1.
std::optional<double> value_of_tensor(const Kept& message) {
  WireReader reader(message);
  std::uint64_t type = 0;
  std::optional<double> value;
  while (const auto field = reader.next()) {
    const Bytes bytes = field->bytes.bytes;
    if (field->number == 1 && field->kind == Wire::varint) type = field->value;
    const bool is_float = field->number == 5 || (field->number == 4 && type == 1);
    const bool is_double = field->number == 6 || (field->number == 4 && type == 2);
    if (is_float && bytes.size() == 4) value = number_at<float>(bytes, 0);
    if (is_double && bytes.size() == 8) value = number_at<double>(bytes, 0);
  }
  return value;
}

Scalar32 value_of_summary(const Kept& message) {
  WireReader reader(message);
  Scalar32 scalar;
  while (const auto field = reader.next()) {
    if (field->number == 1 && field->kind == Wire::bytes) scalar.tag = text_of(field->bytes.bytes);
    if (field->number == 2 && field->kind == Wire::fixed32)
      scalar.value = number_at<float>(field->bytes.bytes, 0);
    if (field->number == 8 && field->kind == Wire::bytes) scalar.value = value_of_tensor(field->bytes);
  }
  return scalar;
}

// Event: 5 is its summary, whose fields 1 are values.
void add_scalars(Bytes event, const std::string& key, std::vector<double>& values,
                 std::vector<std::string>& tags) {
  WireReader reader(lent(event));
  while (const auto field = reader.next()) {
    if (field->number != 5 || field->kind != Wire::bytes) continue;
    WireReader summary(field->bytes);
    while (const auto one = summary.next()) {
      if (one->number != 1 || one->kind != Wire::bytes) continue;
      const Scalar32 scalar = value_of_summary(one->bytes);
      if (scalar.tag == key && scalar.value) values.push_back(*scalar.value);
      tags.push_back(scalar.tag);
    }
  }
}

}  // namespace

std::vector<double> numbers_in_events(std::span<const std::byte> bytes, const std::string& key) {
  std::vector<double> values;
  std::vector<std::string> tags;
  ByteReader from(bytes);
  for (std::size_t number = 1; from.left() > 0; ++number) {
    const Bytes length = from.take(8, "the length of a record");
    const auto length_crc = from.number<std::uint32_t>("its checksum");
    if (masked_crc(length) != length_crc) fail("the length of record {} does not match its checksum", number);
    const Bytes event = from.take(number_at<std::uint64_t>(length, 0), "a record");
    if (masked_crc(event) != from.number<std::uint32_t>("its checksum"))
      fail("record {} does not match its checksum", number);
    add_scalars(event, key, values, tags);
  }
  if (values.empty()) fail("{}", unknown_name("scalar", key, tags));
  return values;
}

}  // namespace reprise
