// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/onnx_tensor.h"

#include <map>

#include "harness/base/text.h"
#include "harness/checkpoint/pickle_walk.h"
#include "harness/checkpoint/tensor_values.h"
#include "harness/container/wire.h"
#include "harness/tensor/safetensors.h"

namespace reprise {
namespace {

// By number of TensorProto.DataType; "" for texts and for elements narrower than a byte.
constexpr std::string_view dtypes[] = {
    "",    "F32", "U8",     "I8",  "U16",  "I16",  "I32",     "I64",         "",        "BOOL",        "F16",
    "F64", "U32", "U64",    "C64", "C128", "BF16", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "",
    "",    "",    "F8_E8M0"};

struct Proto {
  std::string name;
  std::string dtype;
  std::uint64_t type = 0;
  std::vector<std::int64_t> shape;
  std::optional<Kept> raw;
  std::vector<Kept> floats, doubles;  // packed or one by one
  std::vector<std::uint64_t> single;  // whole numbers, one by one
  std::vector<Kept> packed;           // whole numbers, packed
  std::map<std::string, std::string> external;
  bool is_external = false;
};

void add_axes(Proto& proto, const WireField& field) {
  if (field.kind == Wire::varint) return proto.shape.push_back(static_cast<std::int64_t>(field.value));
  ByteReader from(field.bytes.bytes);
  while (from.left() > 0) proto.shape.push_back(static_cast<std::int64_t>(take_varint(from)));
}

void add_external(Proto& proto, const Kept& entry) {
  std::string key, value;
  WireReader fields(entry);
  while (const auto field = fields.next()) {
    if (field->number == 1) key = text_of(field->bytes.bytes);
    if (field->number == 2) value = text_of(field->bytes.bytes);
  }
  proto.external[key] = value;
}

void add_whole(Proto& proto, const WireField& field) {
  if (field.kind == Wire::varint) return proto.single.push_back(field.value);
  proto.packed.push_back(field.bytes);
}

// Fields of TensorProto.
enum Field : std::uint64_t {
  dims = 1,
  data_type = 2,
  float_data = 4,
  int32_data = 5,
  int64_data = 7,
  name = 8,
  raw_data = 9,
  double_data = 10,
  uint64_data = 11,
  external_data = 13,
  data_location = 14
};

void add_field(Proto& proto, const WireField& field) {
  switch (field.number) {
    case dims:
      return add_axes(proto, field);
    case data_type:
      return void(proto.type = field.value);
    case float_data:
      return proto.floats.push_back(field.bytes);
    case double_data:
      return proto.doubles.push_back(field.bytes);
    case int32_data:
    case int64_data:
    case uint64_data:
      return add_whole(proto, field);
    case name:
      return void(proto.name = text_of(field.bytes.bytes));
    case raw_data:
      return void(proto.raw = field.bytes);
    case external_data:
      return add_external(proto, field.bytes);
    case data_location:
      return void(proto.is_external = field.value == 1);
    default:
      return;
  }
}

Proto proto_of(const Kept& message) {
  Proto proto;
  WireReader fields(message);
  while (const auto field = fields.next()) add_field(proto, *field);
  if (proto.name.empty()) proto.name = nameless;
  if (proto.type < std::size(dtypes)) proto.dtype = dtypes[proto.type];
  return proto;
}

[[noreturn]] void wrong_size(const Proto& proto, std::uint64_t wanted, std::uint64_t found) {
  broken("the tensor '{}' should have {} bytes and has {}", shown(proto.name), wanted, found);
}

std::uint64_t number_of(const Proto& proto, const char* key, std::uint64_t otherwise) {
  const auto found = proto.external.find(key);
  if (found == proto.external.end()) return otherwise;
  const auto number = to_integer(found->second);
  if (!number || *number < 0)
    broken("the tensor '{}' lies at the {} '{}' of another file", shown(proto.name), key,
           shown(found->second));
  return static_cast<std::uint64_t>(*number);
}

Kept external_bytes(const Proto& proto, std::uint64_t bytes, const OpenBeside& open) {
  const auto location = proto.external.find("location");
  if (location == proto.external.end())
    broken("the tensor '{}' lies in another file, which is not named", shown(proto.name));
  const Kept file = open(location->second);
  const std::uint64_t offset = number_of(proto, "offset", 0);
  const std::uint64_t held = offset > file.bytes.size() ? 0 : file.bytes.size() - offset;
  const std::uint64_t length = number_of(proto, "length", held);
  if (length > held)
    broken("the tensor '{}' has {} bytes from byte {} of the file {} on, which has {}: it was cut short",
           shown(proto.name), length, offset, shown(location->second), file.bytes.size());
  if (length != bytes) wrong_size(proto, bytes, length);
  return length == 0 ? Kept{} : part_of(file, offset, length);
}

// Each number was widened to be written; its low bytes are the element.
std::vector<std::byte> narrowed(const Proto& proto, std::uint64_t bytes) {
  const std::size_t element = bits_of(proto.dtype) / 8;
  std::uint64_t at_most = proto.single.size();
  for (const Kept& packed : proto.packed) at_most += packed.bytes.size();
  if (bytes / element > at_most) wrong_size(proto, bytes, at_most * element);
  std::vector<std::byte> values(bytes);
  std::uint64_t at = 0;
  const auto put = [&](std::uint64_t number) {
    if (at == bytes) wrong_size(proto, bytes, bytes + element);
    std::memcpy(values.data() + at, &number, element);
    at += element;
  };
  for (const std::uint64_t number : proto.single) put(number);
  for (const Kept& packed : proto.packed)
    for (ByteReader from(packed.bytes); from.left() > 0;) put(take_varint(from));
  if (at != bytes) wrong_size(proto, bytes, at);
  return values;
}

TensorData joined(const Proto& proto, const std::vector<Kept>& parts, std::uint64_t bytes) {
  if (parts.size() == 1 && parts[0].bytes.size() == bytes) return {parts[0], {}};
  std::vector<std::byte> values;
  for (const Kept& part : parts) values.insert(values.end(), part.bytes.begin(), part.bytes.end());
  if (values.size() != bytes) wrong_size(proto, bytes, values.size());
  return {kept(std::move(values)), {}};
}

// Each element type has one field for its values; what lies in another is none of them.
TensorData load(const Proto& proto, std::uint64_t bytes) {
  if (proto.dtype == "F32" || proto.dtype == "C64") return joined(proto, proto.floats, bytes);
  if (proto.dtype == "F64" || proto.dtype == "C128") return joined(proto, proto.doubles, bytes);
  return {kept(narrowed(proto, bytes)), {}};
}

}  // namespace

void add_onnx_tensor(CheckpointFile& found, const Kept& message, const OpenBeside& open) {
  Proto proto = proto_of(message);
  if (proto.dtype.empty())
    return count_opaque(found, fmt::format("ONNX element type {}", proto.type), shown(proto.name));
  const std::uint64_t bytes = bytes_of_tensor(proto.name, proto.dtype, proto.shape);
  std::optional<Kept> whole = proto.raw;
  if (proto.is_external) whole = external_bytes(proto, bytes, open);
  if (whole && whole->bytes.size() != bytes) wrong_size(proto, bytes, whole->bytes.size());
  FileTensor tensor{proto.name, proto.dtype, proto.shape, {}, bytes};
  if (whole || bytes == 0)
    tensor.load = [whole = whole.value_or(Kept{})] { return TensorData{whole, {}}; };
  else
    tensor.load = [proto = std::move(proto), bytes] { return load(proto, bytes); };
  found.tensors.push_back(std::move(tensor));
}

}  // namespace reprise
