// SPDX-License-Identifier: Apache-2.0
#include "recipes/data/array_file.h"

#include <ATen/ops/empty.h>

#include <cstring>
#include <span>
#include <vector>

#include "harness/base/error.h"
#include "harness/container/npy_header.h"
#include "harness/tensor/broken.h"

namespace reprise {
namespace {

at::Tensor tensor_of(std::string_view data, const std::vector<std::int64_t>& shape, at::ScalarType type,
                     std::string_view name) {
  const std::uint64_t bytes = bytes_of_tensor(name, type == at::kByte ? "U8" : "F64", shape);
  if (bytes != data.size())
    fail("{}: wanted {} bytes of data for its shape, found {}", name, bytes, data.size());
  at::Tensor tensor = at::empty(shape, type);
  std::memcpy(tensor.mutable_data_ptr(), data.data(), data.size());
  return tensor;
}

NpyHeader header_of(std::string_view content, std::string_view name) {
  try {
    return npy_header(std::as_bytes(std::span(content)));
  } catch (const Broken& why) {
    fail("{}: wanted a .npy file, but {}; {}", name, why.what(), why.hint);
  }
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

at::Tensor read_npy(std::string_view content, std::string_view name) {
  const NpyHeader header = header_of(content, name);
  const bool real = header.type == "<f8";
  if (!real && header.type != "<i8")
    fail("{}: wanted elements of type <f8 or <i8, found {}", name, header.type);
  if (header.by_columns) fail("{}: wanted C order, found Fortran order", name);
  return tensor_of(content.substr(header.begin), header.shape, real ? at::kDouble : at::kLong, name);
}

at::Tensor read_idx(std::string_view content, std::string_view name) {
  if (content.size() < 4 || content[0] != 0 || content[1] != 0 || content[2] != 8)
    fail("{}: wanted an idx file of unsigned bytes, found something else", name);
  const auto dimensions = static_cast<std::size_t>(static_cast<unsigned char>(content[3]));
  if (content.size() < 4 + 4 * dimensions) fail("{}: the idx file ends within its header", name);
  std::vector<std::int64_t> shape;
  for (std::size_t i = 0; i < dimensions; ++i) shape.push_back(big_endian(content.substr(4 + 4 * i, 4)));
  return tensor_of(content.substr(4 + 4 * dimensions), shape, at::kByte, name);
}

}  // namespace reprise
