// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/flax_arrays.h"

#include <map>

#include "harness/checkpoint/element_types.h"
#include "harness/checkpoint/tensor_values.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise {

using msgpack::Kind;
using msgpack::Value;

namespace {

std::int64_t axis_of(const std::string& name, const Value& value) {
  if (value.kind != Kind::natural || value.bits > INT64_MAX)
    broken("the array '{}' has a shape that cannot be", shown(name));
  return static_cast<std::int64_t>(value.bits);
}

const Value* entry(const std::vector<Value>& values, const Value& map, std::string_view key) {
  for (std::size_t i = 0; i + 1 < map.items.size(); i += 2)
    if (msgpack::text(values[map.items[i]]) == key) return &values[map.items[i + 1]];
  return nullptr;
}

// A tuple as flax writes it: {"0": ..., "1": ...}.
std::vector<const Value*> tuple(const std::string& name, const std::vector<Value>& values, const Value* map) {
  if (map == nullptr || map->kind != Kind::map)
    broken("the array '{}' in chunks has no shape or no chunks", shown(name));
  std::map<std::string_view, const Value*> by_key;
  for (std::size_t i = 0; i + 1 < map->items.size(); i += 2)
    by_key[msgpack::text(values[map->items[i]]).value_or("")] = &values[map->items[i + 1]];
  std::vector<const Value*> items;
  for (std::size_t i = 0; i < map->items.size() / 2; ++i) {
    const auto found = by_key.find(std::to_string(i));
    if (found == by_key.end()) broken("the array '{}' in chunks has no part {}", shown(name), i);
    items.push_back(found->second);
  }
  return items;
}

TensorData joined(const std::vector<Kept>& parts, std::uint64_t bytes) {
  if (parts.size() == 1) return {parts[0], {}};
  std::vector<std::byte> values;
  values.reserve(bytes);
  for (const Kept& part : parts) values.insert(values.end(), part.bytes.begin(), part.bytes.end());
  return {kept(std::move(values)), {}};
}

}  // namespace

FlaxArray flax_array(const std::string& name, const Kept& payload) {
  const auto values = msgpack::read(payload.bytes);
  const auto& items = values[0].items;
  const auto type = items.size() == 3 ? msgpack::text(values[items[1]]) : std::nullopt;
  if (values[0].kind != Kind::list || !type || values[items[0]].kind != Kind::list ||
      values[items[2]].kind != Kind::bytes)
    broken("the array '{}' is not a list of a shape, a dtype and bytes", shown(name));
  FlaxArray array{
      std::string(*type), std::string(dtype_of_torch(*type)), {}, {values[items[2]].bytes, payload.owner}};
  for (const auto axis : values[items[0]].items) array.shape.push_back(axis_of(name, values[axis]));
  if (array.dtype.empty()) return array;
  if (const auto bytes = bytes_of_tensor(name, array.dtype, array.shape); bytes != array.values.bytes.size())
    broken("the array '{}' should have {} bytes and has {}", shown(name), bytes, array.values.bytes.size());
  return array;
}

std::optional<FileTensor> flax_chunks(const std::string& name, const std::vector<Value>& values,
                                      const Value& map, const Kept& file) {
  if (entry(values, map, "__msgpack_chunked_array__") == nullptr) return std::nullopt;
  FileTensor tensor{name, {}, {}, {}, 0};
  for (const Value* axis : tuple(name, values, entry(values, map, "shape")))
    tensor.shape.push_back(axis_of(name, *axis));
  std::vector<Kept> parts;
  std::uint64_t held = 0;
  for (const Value* chunk : tuple(name, values, entry(values, map, "chunks"))) {
    if (chunk->kind != Kind::extension || chunk->type != 1)
      broken("a chunk of the array '{}' is not an array", shown(name));
    FlaxArray part = flax_array(name, {chunk->bytes, file.owner});
    if (part.dtype.empty() || (!tensor.dtype.empty() && tensor.dtype != part.dtype))
      broken("the chunks of the array '{}' have several element types, or one without a name", shown(name));
    tensor.dtype = part.dtype;
    held += part.values.bytes.size();
    parts.push_back(std::move(part.values));
  }
  if (parts.empty()) broken("the array '{}' has no chunks", shown(name));
  tensor.bytes = bytes_of_tensor(name, tensor.dtype, tensor.shape);
  if (tensor.bytes != held)
    broken("the chunks of the array '{}' should have {} bytes and have {}", shown(name), tensor.bytes, held);
  tensor.load = [parts = std::move(parts), held] { return joined(parts, held); };
  return tensor;
}

}  // namespace reprise
