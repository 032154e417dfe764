// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/programs/random_tensor.h"

#include <algorithm>
#include <numeric>

namespace reprise::fake_cuda {

namespace {

struct Format {
  const char* name;
  std::size_t bytes;
};

constexpr Format formats[] = {{"BOOL", 1}, {"U8", 1},   {"I8", 1},   {"F8_E4M3", 1}, {"I16", 2},
                              {"F16", 2},  {"BF16", 2}, {"I32", 4},  {"F32", 4},     {"I64", 8},
                              {"F64", 8},  {"C64", 8},  {"C128", 16}};

std::size_t drawn(Random& random, std::size_t least, std::size_t most) {
  return least + random() % (most - least + 1);
}

// Element counts around the borders of a leaf and of a padded message, and any other.
std::size_t drawn_elements(Random& random, std::size_t most) {
  static const std::size_t borders[] = {0,    1,    2,    63,    64,    65,    127,  128,  255,
                                        256,  511,  512,  1023,  1024,  1025,  4095, 4096, 4097,
                                        8191, 8192, 8193, 16383, 16384, 16385, 32768};
  if (random() % 12 == 0) return 0;
  const std::size_t border = borders[random() % std::size(borders)];
  if (random() % 2 == 0 && border <= most) return border;
  return random() % 3 == 0 ? drawn(random, 0, most) : drawn(random, 0, std::min<std::size_t>(most, 3000));
}

std::vector<std::int64_t> drawn_shape(Random& random, std::size_t elements) {
  std::vector<std::int64_t> shape;
  const std::size_t axes = drawn(random, 0, 4);
  for (std::size_t i = 0; i + 1 < axes; ++i) {
    const std::size_t size = drawn(random, 1, std::min<std::size_t>(9, std::max<std::size_t>(elements, 1)));
    shape.push_back(static_cast<std::int64_t>(size));
    elements /= size;
  }
  if (axes > 0) shape.push_back(static_cast<std::int64_t>(elements));
  std::shuffle(shape.begin(), shape.end(), random);
  return shape;
}

// Row-major, or with its axes in another order, with gaps, backwards, or repeated.
std::vector<std::int64_t> drawn_strides(Random& random, const std::vector<std::int64_t>& shape) {
  std::vector<std::size_t> order(shape.size());
  std::iota(order.begin(), order.end(), 0);
  const bool plain = random() % 2 == 0;
  if (!plain) std::shuffle(order.begin(), order.end(), random);
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t next = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    const std::size_t axis = order[i];
    const std::uint64_t kind = plain ? 0 : random() % 8;
    if (kind == 1) next *= 2;
    strides[axis] = kind == 2 ? -next : kind == 3 ? 0 : next;
    if (kind != 3) next *= std::max<std::int64_t>(shape[axis], 1);
    if (kind == 4) next += 3;
  }
  return strides;
}

}  // namespace

void fill(std::vector<std::byte>& bytes, Random& random) {
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
}

RandomTensor random_tensor(Random& random, std::size_t most_bytes) {
  RandomTensor tensor;
  const Format& format = formats[random() % std::size(formats)];
  tensor.dtype = format.name;
  tensor.element_bytes = format.bytes;
  tensor.shape = drawn_shape(random, drawn_elements(random, most_bytes / format.bytes));
  tensor.strides = drawn_strides(random, tensor.shape);
  std::int64_t low = 0, high = 0;  // the elements furthest before and behind the first
  bool empty = false;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    empty = empty || tensor.shape[i] == 0;
    const std::int64_t reach = (tensor.shape[i] - 1) * tensor.strides[i];
    (reach < 0 ? low : high) += reach;
  }
  // Any alignment of the address, not only one that fits the element.
  const std::size_t lead = random() % 3 == 0 ? drawn(random, 0, 31) : 16 * drawn(random, 0, 2);
  tensor.first = lead + (empty ? 0 : static_cast<std::size_t>(-low) * format.bytes);
  const std::size_t behind = empty ? 0 : static_cast<std::size_t>(high + 1) * format.bytes;
  tensor.bytes.resize(std::max<std::size_t>(tensor.first + behind, 1));
  fill(tensor.bytes, random);
  return tensor;
}

TensorView RandomTensor::view() const { return {dtype, shape, strides, bytes.data() + first, element_bytes}; }

reprise_cuda_tensor RandomTensor::at(const void* device) const {
  return {static_cast<const std::byte*>(device) + first,
          dtype.c_str(),
          shape.data(),
          strides.data(),
          static_cast<std::uint32_t>(shape.size()),
          static_cast<std::uint32_t>(element_bytes)};
}

DeviceCopy::DeviceCopy(std::size_t bytes) { own(cudaMalloc(&data_, bytes), "cudaMalloc"); }

DeviceCopy::~DeviceCopy() {
  if (data_ != nullptr) static_cast<void>(cudaFree(data_));
}

}  // namespace reprise::fake_cuda
