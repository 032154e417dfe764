// SPDX-License-Identifier: Apache-2.0
#pragma once
// The head of a .npy file, NumPy's own: what lies in it, in which order, and where the values begin. For
// checkpoints and for the data of native recipes.
#include <string>
#include <vector>

#include "harness/tensor/digest.h"

namespace reprise {

struct NpyHeader {
  std::string type{};  // "<f4"; something else for elements that are no plain numbers
  bool by_columns = false;
  std::vector<std::int64_t> shape{};
  std::uint64_t begin = 0;
};

// `start` may be a part of the file; Broken if the header is not whole in it.
NpyHeader npy_header(Bytes start);

}  // namespace reprise
