// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/numpy_values.h"

#include "harness/checkpoint/element_types.h"
#include "harness/checkpoint/tensor_values.h"
#include "harness/tensor/broken.h"

namespace reprise {

using pickle::Kind;
using pickle::Ref;

namespace {

struct Array {
  std::function<Kept()> values;
  std::string dtype;
  std::size_t swapped;
  bool by_columns;
  std::vector<std::int64_t> shape;
};

TensorData load(const Array& array) {
  TensorData data{array.values(),
                  array.by_columns ? column_major_strides(array.shape) : std::vector<std::int64_t>{}};
  if (array.shape.size() < 2) data.strides.clear();
  if (data.memory.bytes.empty()) return {};
  if (array.swapped == 0) return data;
  auto bytes = gathered(array.dtype, array.shape, data);
  swap_bytes(bytes, array.swapped);
  return {kept(std::move(bytes)), {}};
}

struct Parts {
  Ref shape, type, by_columns, data;
};

// By numpy.core.multiarray._reconstruct and a state, or, since protocol 5, by _frombuffer.
std::optional<Parts> parts_of(const pickle::Pickle& values, Ref ref) {
  const std::string_view head = values.head(ref);
  if (head == "numpy.core.multiarray._reconstruct" || head == "numpy._core.multiarray._reconstruct") {
    const Ref state = values[ref].state;
    if (state == pickle::nothing || values[state].kind != Kind::tuple || values[state].items.size() != 5)
      return std::nullopt;
    const auto& items = values[state].items;
    return Parts{items[1], items[2], items[3], items[4]};
  }
  if (head == "numpy.core.numeric._frombuffer" || head == "numpy._core.numeric._frombuffer") {
    const auto& given = values.arguments(ref);
    if (given.size() != 4) return std::nullopt;
    return Parts{given[2], given[1], given[3], given[0]};
  }
  return std::nullopt;
}

}  // namespace

// numpy.dtype("f4", False, True), then a state (3, "<", ...) that tells the order.
std::optional<std::string> numpy_type(const pickle::Pickle& values, Ref ref) {
  if (values.head(ref) != "numpy.dtype" || values.arguments(ref).empty()) return std::nullopt;
  const auto name = values.text(values.arguments(ref)[0]);
  const Ref state = values[ref].state;
  if (!name) return std::nullopt;
  std::string order;
  if (state != pickle::nothing && values[state].items.size() > 1)
    order = values.text(values[state].items[1]).value_or("");
  return (order == ">" ? ">" : "<") + std::string(*name);
}

std::optional<FileTensor> numpy_tensor(const std::string& name, const NpyHeader& header, std::uint64_t held,
                                       std::function<Kept()> values) {
  const auto type = dtype_of_numpy(header.type);
  if (!type) return std::nullopt;
  const std::string dtype(type->dtype);
  const std::uint64_t bytes = bytes_of_tensor(name, dtype, header.shape);
  if (bytes != held) broken("the array '{}' should have {} bytes and has {}", shown(name), bytes, held);
  Array array{std::move(values), dtype, type->swapped, header.by_columns, header.shape};
  return FileTensor{name, dtype, header.shape, [array = std::move(array)] { return load(array); }, bytes};
}

std::optional<FileTensor> pickled_array(const pickle::Pickle& values, Ref ref, const std::string& name) {
  const auto parts = parts_of(values, ref);
  if (!parts) return std::nullopt;
  const auto shape = values.sizes(parts->shape);
  const auto type = numpy_type(values, parts->type);
  const auto data = values.bytes(parts->data);
  if (!shape || !type || !data || !dtype_of_numpy(*type)) return std::nullopt;
  const auto& order = values[parts->by_columns];
  const bool by_columns = order.kind == Kind::text ? order.text == "F" : order.whole != 0;
  return numpy_tensor(name, {*type, by_columns, *shape, 0}, data->bytes.size(),
                      [data = *data] { return data; });
}

}  // namespace reprise
