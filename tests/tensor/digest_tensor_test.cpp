// SPDX-License-Identifier: Apache-2.0
// Any memory layout of a tensor has the digest of its row-major copy; damage that weaker sums miss is seen.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numeric>

#include "harness/base/error.h"
#include "harness/tensor/digest.h"
#include "harness/tensor/safetensors.h"
#include "tensor/bytes.h"

namespace reprise {
namespace {

constexpr std::string_view dtypes[] = {"BOOL", "BF16", "F32", "F64", "C128"};

// A random tensor inside a random block of memory.
struct Sample {
  std::string_view dtype;
  std::vector<std::int64_t> shape, strides;
  std::int64_t start = 0;  // element (0, 0, ...) within memory
  std::vector<std::byte> memory;

  TensorView view() const {
    const std::size_t size = element_bytes(dtype);
    return {dtype, shape, strides, memory.data() + start * static_cast<std::int64_t>(size), size};
  }
};

std::vector<std::byte> row_major(const Sample& sample) {
  const TensorView view = sample.view();
  const std::int64_t elements =
      std::accumulate(sample.shape.begin(), sample.shape.end(), std::int64_t{1}, std::multiplies<>());
  std::vector<std::byte> out(static_cast<std::size_t>(elements) * view.element_bytes);
  for (std::int64_t n = 0; n < elements; ++n) {
    std::int64_t rest = n, offset = 0;
    for (std::size_t axis = sample.shape.size(); axis-- > 0;) {
      offset += rest % sample.shape[axis] * sample.strides[axis];
      rest /= sample.shape[axis];
    }
    const auto* from =
        static_cast<const std::byte*>(view.data) + offset * static_cast<std::int64_t>(view.element_bytes);
    std::memcpy(out.data() + static_cast<std::size_t>(n) * view.element_bytes, from, view.element_bytes);
  }
  return out;
}

// Axes laid into memory in a random order, some turned round, some repeated (stride 0), some with gaps.
Sample random_sample(Draws& draws) {
  Sample sample;
  sample.dtype = dtypes[draws.below(std::size(dtypes))];
  const auto axes = static_cast<std::size_t>(draws.between(0, 5));
  sample.shape.resize(axes);
  sample.strides.resize(axes);
  std::vector<std::size_t> order(axes);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = axes; i > 1; --i) std::swap(order[i - 1], order[draws.below(i)]);
  if (draws.below(3) == 0) std::sort(order.begin(), order.end(), std::greater<>());
  std::int64_t step = 1, first = 0, last = 0;
  for (const std::size_t axis : order) {
    sample.shape[axis] = draws.below(20) == 0 ? 0 : draws.between(1, axes < 3 ? 150 : 13);
    if (draws.below(8) == 0) continue;  // stride 0
    if (draws.below(4) == 0) step *= draws.between(1, 3);
    const bool turned = draws.below(4) == 0;
    const std::int64_t extent = step * std::max<std::int64_t>(sample.shape[axis] - 1, 0);
    sample.strides[axis] = turned ? -step : step;
    (turned ? first : last) += turned ? -extent : extent;
    step *= std::max<std::int64_t>(sample.shape[axis], 1);
  }
  const std::int64_t pad = draws.between(0, 3);
  sample.start = pad - first;
  sample.memory = pattern(static_cast<std::size_t>(last - first + 1 + 2 * pad) * element_bytes(sample.dtype),
                          draws.below(1000));
  return sample;
}

bool contiguous(const Sample& sample) {
  std::int64_t step = 1;
  for (std::size_t axis = sample.shape.size(); axis-- > 0;) {
    if (sample.shape[axis] == 0) return true;
    if (sample.shape[axis] > 1 && sample.strides[axis] != step) return false;
    step *= sample.shape[axis];
  }
  return true;
}

TEST_CASE("a tensor of any strides has the digest and the leaves of its row-major copy") {
  Draws draws(2024);
  int many_leaves = 0, strided = 0;
  for (int round = 0; round < 600; ++round) {
    const Sample sample = random_sample(draws);
    const auto copy = row_major(sample);
    CAPTURE(round, sample.dtype, sample.shape, sample.strides);
    const ContentDigest content = digest_of(sample.view());
    CHECK(content.digest == tensor_digest(sample.dtype, sample.shape, copy));
    CHECK(content.leaves == leaf_digests(copy));
    many_leaves += content.leaves.size() > 1;
    strided += !contiguous(sample);
  }
  CHECK(many_leaves > 50);
  CHECK(strided > 200);
}

TEST_CASE("transposed tensors of many sizes have the digest of their row-major copy") {
  Draws draws(31);
  for (int round = 0; round < 120; ++round) {
    Sample sample;
    sample.dtype = dtypes[draws.below(std::size(dtypes))];
    const std::int64_t rows = draws.between(1, 700), columns = draws.between(1, 700),
                       outer = draws.between(1, 3);
    sample.shape = {outer, rows, columns};
    sample.strides = {rows * columns, 1, rows};
    if (draws.below(3) == 0) sample.strides = {1, -outer, outer * rows};
    if (sample.strides[1] < 0) sample.start = outer * (rows - 1);
    sample.memory =
        pattern(static_cast<std::size_t>(outer * rows * columns) * element_bytes(sample.dtype), 3);
    CAPTURE(round, sample.dtype, sample.shape, sample.strides);
    const auto copy = row_major(sample);
    CHECK(digest_of(sample.view()).digest == tensor_digest(sample.dtype, sample.shape, copy));
  }
}

TEST_CASE("a transposed matrix has the digest of the transposed content") {
  const auto memory = pattern(300 * 200 * 4, 9);
  const std::vector<std::int64_t> shape = {200, 300}, strides = {1, 200};
  const ContentDigest turned = digest_of({"F32", shape, strides, memory.data(), 4});
  CHECK(turned.digest != tensor_digest("F32", shape, memory));
  Sample sample{"F32", shape, strides, 0, memory};
  CHECK(turned.digest == tensor_digest("F32", shape, row_major(sample)));
}

TEST_CASE("a tensor with no elements needs no data") {
  const std::vector<std::int64_t> shape = {0, 3}, strides = {3, 1};
  CHECK(digest_of({"F32", shape, strides, nullptr, 4}).digest == tensor_digest("F32", shape, {}));
}

// Weights as a training has them: 20 000 floats around zero.
std::vector<float> weights() {
  const Philox philox{1, Stream::weights, 0};
  std::vector<float> values(20'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.02f * philox.normal(i);
  return values;
}

Digest digest_of_floats(const std::vector<float>& values) {
  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(values.size())};
  return tensor_digest("F32", shape, std::as_bytes(std::span(values)));
}

TEST_CASE("a swap of two elements, two sign flips and a change by one ulp are each seen, at any place") {
  auto values = weights();
  const Digest whole = digest_of_floats(values);
  Draws draws(5);
  for (int round = 0; round < 200; ++round) {
    const std::size_t i = draws.below(values.size()), j = draws.below(values.size());
    if (i == j || values[i] == values[j]) continue;
    CAPTURE(i, j);
    std::swap(values[i], values[j]);
    CHECK(digest_of_floats(values) != whole);
    std::swap(values[i], values[j]);
    values[i] = -values[i], values[j] = -values[j];
    CHECK(digest_of_floats(values) != whole);
    values[i] = -values[i], values[j] = -values[j];
    const float kept = values[i];
    values[i] = std::nextafter(kept, 1.0f);
    CHECK(digest_of_floats(values) != whole);
    values[i] = kept;
  }
  CHECK(digest_of_floats(values) == whole);
}

TEST_CASE("swapped halves, reversed order and other constants are each seen") {
  auto values = weights();
  const Digest whole = digest_of_floats(values);
  auto halves = values;
  std::rotate(halves.begin(), halves.begin() + 10'000, halves.end());
  CHECK(digest_of_floats(halves) != whole);
  auto leaves_swapped = values;  // two whole leaves of 4096 floats
  std::swap_ranges(leaves_swapped.begin(), leaves_swapped.begin() + 4096, leaves_swapped.begin() + 4096);
  CHECK(digest_of_floats(leaves_swapped) != whole);
  std::reverse(values.begin(), values.end());
  CHECK(digest_of_floats(values) != whole);
  const auto constant = [](float value) { return digest_of_floats(std::vector<float>(1024, value)); };
  CHECK(constant(0.0f) != constant(1.0f));
  CHECK(constant(1.0f) != constant(3.5f));
  CHECK(constant(0.0f) != constant(-0.0f));
  CHECK(digest_of_floats(std::vector<float>(1024)) != digest_of_floats(std::vector<float>(1025)));
}

}  // namespace
}  // namespace reprise
