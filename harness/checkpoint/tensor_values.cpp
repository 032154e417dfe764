// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/tensor_values.h"

#include <algorithm>

#include "harness/checkpoint/element_types.h"
#include "harness/tensor/broken.h"
#include "harness/tensor/element_walk.h"
#include "harness/tensor/safetensors.h"

namespace reprise {
namespace {

TensorView view_of(std::string_view dtype, std::span<const std::int64_t> shape, const TensorData& data) {
  return {dtype, shape, data.strides, data.memory.bytes.data(), bits_of(dtype) / 8};
}

}  // namespace

std::vector<std::int64_t> row_major_strides(std::span<const std::int64_t> shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t stride = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    if (__builtin_mul_overflow(stride, std::max<std::int64_t>(shape[i], 1), &stride))
      stride = 0;  // has no elements
  }
  return strides;
}

std::vector<std::int64_t> column_major_strides(std::span<const std::int64_t> shape) {
  std::vector<std::int64_t> reversed(shape.rbegin(), shape.rend());
  auto strides = row_major_strides(reversed);
  std::ranges::reverse(strides);
  return strides;
}

std::uint64_t reach_of(std::string_view name, std::span<const std::int64_t> shape,
                       std::span<const std::int64_t> strides) {
  if (shape.size() != strides.size())
    broken("the tensor '{}' has {} axes and {} strides", shown(name), shape.size(), strides.size());
  std::int64_t last = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0) return 0;
    std::int64_t along = 0;
    if (strides[i] < 0 || __builtin_mul_overflow(shape[i] - 1, strides[i], &along) ||
        __builtin_add_overflow(last, along, &last))
      broken("the tensor '{}' has strides that cannot be", shown(name));
  }
  return static_cast<std::uint64_t>(last) + 1;
}

std::vector<std::byte> gathered(std::string_view dtype, std::span<const std::int64_t> shape,
                                const TensorData& data) {
  if (data.strides.empty()) return {data.memory.bytes.begin(), data.memory.bytes.end()};
  ElementWalk walk(view_of(dtype, shape, data));
  if (const auto whole = walk.contiguous()) return {whole->begin(), whole->end()};
  std::vector<std::byte> bytes(walk.bytes());
  walk.take(bytes.data(), bytes.size());
  return bytes;
}

void swap_bytes(std::span<std::byte> bytes, std::size_t size) {
  for (std::size_t at = 0; size > 1 && at + size <= bytes.size(); at += size)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
}

void flip_signs(std::vector<std::byte>& bytes, std::string_view dtype, bool negated, bool conjugated) {
  const bool complex = dtype.starts_with('C');
  const std::size_t part = bits_of(dtype) / 8 / (complex ? 2 : 1);
  bool imaginary = false;
  for (std::size_t at = part - 1; at < bytes.size(); at += part, imaginary = complex && !imaginary)
    if (negated != (conjugated && imaginary)) bytes[at] ^= std::byte{0x80};
}

Kept kept(std::vector<std::byte> bytes) {
  const auto owner = std::make_shared<std::vector<std::byte>>(std::move(bytes));
  return {*owner, owner};
}

Digest digest_of(const FileTensor& tensor) {
  const TensorData data = tensor.load();
  if (data.strides.empty()) return tensor_digest(tensor.dtype, tensor.shape, data.memory.bytes);
  return digest_of(view_of(tensor.dtype, tensor.shape, data)).digest;
}

Kept row_major(const FileTensor& tensor) {
  TensorData data = tensor.load();
  if (data.strides.empty()) return data.memory;
  const ElementWalk walk(view_of(tensor.dtype, tensor.shape, data));
  if (const auto whole = walk.contiguous()) return {*whole, data.memory.owner};
  return kept(gathered(tensor.dtype, tensor.shape, data));
}

Digest root_of(const CheckpointFile& checkpoint, const std::vector<Digest>& digests) {
  check(digests.size() == checkpoint.tensors.size(), "each tensor of a checkpoint has a digest");
  std::vector<std::pair<std::string, Digest>> members;
  for (std::size_t i = 0; i < digests.size(); ++i)
    members.emplace_back(checkpoint.tensors[i].name, digests[i]);
  return set_digest("weights", std::move(members));
}

}  // namespace reprise
