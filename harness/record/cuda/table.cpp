// SPDX-License-Identifier: Apache-2.0
#include "harness/record/cuda/table.h"

#include <bit>
#include <cstring>
#include <string_view>

#include "harness/tensor/digest.h"
#include "harness/tensor/joined_axes.h"

namespace reprise::cuda {
namespace {

static_assert(leaf_size == leaf_bytes && node_children == fan_out && sizeof(Pair) == sizeof(Digest));
static_assert(sizeof(Row) == 64 && sizeof(Axis) == 32 && sizeof(Secret) == 4 * 208);

[[noreturn]] void refuse(std::size_t index, const std::string& why) {
  throw Failure(REPRISE_CUDA_MISUSE, "tensor " + std::to_string(index) + " has no digest: " + why);
}

// Elements times their size; both are checked against 64 bits, as a shape with a stride of 0 may be any size.
u64 bytes_of(const reprise_cuda_tensor& tensor, std::size_t index) {
  u64 bytes = tensor.element_bytes;
  for (u32 axis = 0; axis < tensor.axes; ++axis) {
    if (tensor.shape[axis] < 0) refuse(index, "its shape holds " + std::to_string(tensor.shape[axis]));
    if (__builtin_mul_overflow(bytes, static_cast<u64>(tensor.shape[axis]), &bytes))
      refuse(index, "its size needs more than 64 bits");
  }
  if (bytes > ~u64{0} - leaf_size) refuse(index, "its size needs more than 64 bits");
  return bytes;
}

void check_form(const reprise_cuda_tensor& tensor, std::size_t index) {
  const u32 size = tensor.element_bytes;
  if (!std::has_single_bit(size) || size > 16)
    refuse(index, "wanted elements of 1, 2, 4, 8 or 16 bytes, found " + std::to_string(size));
  if (tensor.axes > 63) refuse(index, "wanted fewer than 64 axes, found " + std::to_string(tensor.axes));
  if (tensor.dtype == nullptr || std::string_view(tensor.dtype).size() > 16)
    refuse(index, "wanted the name of a dtype of at most 16 bytes");
  if (tensor.axes > 0 && (tensor.shape == nullptr || tensor.strides == nullptr))
    refuse(index, "it has axes, but no shape or no strides");
}

// Multiplier and shift for floor(n / size) = ((n - h) / 2 + h) >> shift, h = high half of n * multiplier, for
// every n of 64 bits. The size is at least 2.
Axis divisor(u64 size, std::int64_t stride) {
  Axis axis{size, static_cast<u64>(stride), 0, static_cast<u64>(std::bit_width(size) - 1)};
  if (std::has_single_bit(size)) {
    axis.shift -= 1;
    return axis;
  }
  __extension__ typedef unsigned __int128 u128;
  const u128 power = u128{1} << (64 + axis.shift);
  u64 multiplier = static_cast<u64>(power / size) * 2;
  const u64 rest = static_cast<u64>(power % size), twice = rest * 2;
  if (twice >= size || twice < rest) ++multiplier;
  axis.multiplier = multiplier + 1;
  return axis;
}

void add_axes(TableContent& table, Row& row, const reprise_cuda_tensor& tensor) {
  row.axes_at = table.axes.size();
  if (row.bytes == 0) return;
  const std::int64_t size = tensor.element_bytes;
  const auto axes = joined_axes({tensor.shape, tensor.axes}, {tensor.strides, tensor.axes}, size);
  if (row_major(axes, size)) return;
  row.axes = static_cast<u32>(axes.size());
  for (const JoinedAxis& axis : axes) table.axes.push_back(divisor(static_cast<u64>(axis.size), axis.stride));
}

// Kind, label, leaf size, count of sizes, sizes: what seal() of harness/trace puts before the root.
void add_seal(TableContent& table, Row& row, const reprise_cuda_tensor& tensor) {
  row.seal_at = table.words.size();
  row.seal_words = 4 + 2 + 1 + tensor.axes;
  table.words.resize(row.seal_at + row.seal_words);
  u64* words = table.words.data() + row.seal_at;
  constexpr std::string_view kind = "reprise.tensor.1";
  std::memcpy(words, kind.data(), kind.size());
  std::memcpy(words + 2, tensor.dtype, std::strlen(tensor.dtype));
  words[4] = leaf_size;
  words[5] = 1 + tensor.axes;
  words[6] = row.bytes;
  for (u32 axis = 0; axis < tensor.axes; ++axis) words[7 + axis] = static_cast<u64>(tensor.shape[axis]);
}

u64 nodes_above(u64 leaves) {
  u64 nodes = 0;
  for (u64 count = leaves; count > 1; nodes += count) count = parents_of(count);
  return nodes;
}

}  // namespace

TableContent table_of(std::span<const reprise_cuda_tensor> tensors) {
  TableContent table;
  table.rows.reserve(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const reprise_cuda_tensor& tensor = tensors[i];
    check_form(tensor, i);
    Row row{};
    row.address = reinterpret_cast<u64>(tensor.data);
    row.bytes = bytes_of(tensor, i);
    row.element_bytes = tensor.element_bytes;
    row.element_shift = static_cast<u32>(std::countr_zero(tensor.element_bytes));
    if (row.bytes > 0 && tensor.data == nullptr) refuse(i, "it has elements, but no data");
    row.first_leaf = table.leaves;
    row.first_node = table.nodes;
    add_axes(table, row, tensor);
    add_seal(table, row, tensor);
    table.leaves += leaves_of(row.bytes);
    table.nodes += nodes_above(leaves_of(row.bytes));
    table.rows.push_back(row);
  }
  return table;
}

std::vector<std::byte> TableContent::packed() const {
  std::vector<std::byte> all(bytes());
  std::byte* to = all.data();
  const auto put = [&to](const auto& part) {
    if (!part.empty()) std::memcpy(to, part.data(), part.size() * sizeof part[0]);
    to += part.size() * sizeof part[0];
  };
  put(rows), put(axes), put(words);
  return all;
}

Table TableContent::at(const void* base) const {
  const auto* first = static_cast<const std::byte*>(base);
  const std::byte* after_rows = first + rows.size() * sizeof(Row);
  return {reinterpret_cast<const Row*>(first), reinterpret_cast<const Axis*>(after_rows),
          reinterpret_cast<const u64*>(after_rows + axes.size() * sizeof(Axis)), rows.size(), leaves};
}

}  // namespace reprise::cuda
