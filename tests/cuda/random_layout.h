// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random number formats, shapes and strides: the same draws test the kernels' source on fibers, their PTX on
// the fake device (tests/fake_cuda) and a real GPU (bench/cuda). Where a layout lies in memory is the
// caller's.
#include <cstdint>
#include <random>
#include <vector>

namespace reprise::cuda {

using Random = std::mt19937_64;

struct RandomLayout {
  const char* dtype = "";
  std::size_t element_bytes = 0;
  std::vector<std::int64_t> shape, strides;  // strides in elements
  std::uint64_t before = 0;                  // bytes from the lowest element's first to element (0, 0, ...)
  std::uint64_t span = 0;  // bytes from there to the highest element's last, also where there is none
  bool empty = false;      // a size is 0
};

// A size whose logarithm is uniform in [first, last), or just beside a border of the format.
std::uint64_t random_size(Random& random, std::uint64_t first, std::uint64_t last);

// About `bytes` bytes of elements: in row-major order, or with axes laid into memory in any order, turned
// round, repeated, or with gaps.
RandomLayout random_layout(Random& random, std::uint64_t bytes, bool row_major);

}  // namespace reprise::cuda
