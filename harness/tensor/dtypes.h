// SPDX-License-Identifier: Apache-2.0
#pragma once
// The number formats of tensors: one table, from which everybody who names one in another language reads.
// Ours are safetensors' names.
#include <cstdint>
#include <span>
#include <string_view>

namespace reprise {

struct Dtype {
  std::string_view name;  // "F32"
  unsigned bits;          // of one element
  // What others call it; empty where they have none.
  std::string_view
      scalar;              // LibTorch's ScalarType, "Float"; with "Storage" behind, that of an old checkpoint
  std::string_view torch;  // "float32"
  std::string_view numpy;  // "f4"
  bool only_stored = false;  // no training computes with it
};

std::span<const Dtype> dtype_table();

// By a name of ours, of LibTorch, of Python's torch, of NumPy; null for one that is not in the table.
const Dtype* dtype_named(std::string_view name);
const Dtype* dtype_of_scalar(std::string_view scalar);
const Dtype* dtype_of_torch_name(std::string_view torch);
const Dtype* dtype_of_numpy_name(std::string_view numpy);

}  // namespace reprise
