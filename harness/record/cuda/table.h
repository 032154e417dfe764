// SPDX-License-Identifier: Apache-2.0
#pragma once
// The table that tells the kernels of all tensors of a state: made on the host, uploaded whenever a tensor
// moved.
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/record/cuda/layout.h"
#include "harness/record/cuda/plugin.h"

namespace reprise::cuda {

// What can go wrong in this room: a code of plugin.h and a sentence. It never leaves the library.
struct Failure : std::runtime_error {
  Failure(int its_code, const std::string& sentence) : std::runtime_error(sentence), code(its_code) {}
  int code;
};

struct TableContent {
  std::vector<Row> rows;
  std::vector<Axis> axes;
  std::vector<u64> words;
  u64 leaves = 0, nodes = 0;  // of all tensors; nodes: on all levels above the leaves

  // Rows, then axes, then words, as they lie on the device.
  u64 bytes() const {
    return rows.size() * sizeof(Row) + axes.size() * sizeof(Axis) + words.size() * sizeof(u64);
  }
  std::vector<std::byte> packed() const;
  // The table for the kernels, packed() lying at `base`.
  Table at(const void* base) const;
};

// A Failure with code MISUSE names the tensor by its index if it has no defined digest.
TableContent table_of(std::span<const reprise_cuda_tensor> tensors);

}  // namespace reprise::cuda
