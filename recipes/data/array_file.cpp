// SPDX-License-Identifier: Apache-2.0
#include "recipes/data/array_file.h"

#include <ATen/ops/empty.h>

#include <cstring>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

// The header is the text of a Python dictionary: {'descr': '<f8', 'fortran_order': False, 'shape': (4000,
// 40), }
std::string header_value(std::string_view header, const std::string& key, char open, char close,
                         std::string_view name) {
  const auto at = header.find("'" + key + "'");
  const auto begin = at == std::string_view::npos ? at : header.find(open, at + key.size() + 2);
  const auto end = begin == std::string_view::npos ? begin : header.find(close, begin + 1);
  if (end == std::string_view::npos)
    fail("{}: wanted a .npy file with {}, found none in its header", name, key);
  return std::string(header.substr(begin + 1, end - begin - 1));
}

at::Tensor tensor_of(std::string_view data, const std::vector<std::int64_t>& shape, at::ScalarType type,
                     std::string_view name) {
  at::Tensor tensor = at::empty(shape, type);
  if (tensor.nbytes() != data.size())
    fail("{}: wanted {} bytes of data for its shape, found {}", name, tensor.nbytes(), data.size());
  std::memcpy(tensor.mutable_data_ptr(), data.data(), data.size());
  return tensor;
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

at::Tensor read_npy(std::string_view content, std::string_view name) {
  if (content.size() < 12 || !content.starts_with("\x93NUMPY"))
    fail("{}: wanted a .npy file, found something else", name);
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(content[i]));
  };
  const bool long_form = byte(6) >= 2;
  const std::size_t start = long_form ? 12 : 10;
  const std::size_t size = byte(8) | byte(9) << 8 | (long_form ? byte(10) << 16 | byte(11) << 24 : 0);
  if (start + size > content.size()) fail("{}: the .npy file ends within its header", name);
  const auto header = content.substr(start, size);
  const std::string type = header_value(header, "descr", '\'', '\'', name);
  if (type != "<f8" && type != "<i8") fail("{}: wanted elements of type <f8 or <i8, found {}", name, type);
  if (header.find("'fortran_order': False") == std::string_view::npos)
    fail("{}: wanted C order, found Fortran order", name);
  std::vector<std::int64_t> shape;
  for (const auto& part : split(header_value(header, "shape", '(', ')', name), ','))
    if (const auto extent = to_integer(trim(part))) shape.push_back(*extent);
  return tensor_of(content.substr(start + size), shape, type == "<f8" ? at::kDouble : at::kLong, name);
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
