// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps one operator call whole: its inputs as they were before, its outputs as they are after
// (trace/call_file.h). Bytes are copied; no tensor is held.
#include <ATen/record_function.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/record/operators/operator_facts.h"
#include "harness/trace/call_file.h"

namespace reprise {

class CallKeeper {
 public:
  explicit CallKeeper(std::filesystem::path file) : file_(std::move(file)) {}
  // At the start of the call.
  void keep_inputs(const c10::OperatorName& name, c10::ArrayRef<const c10::IValue> inputs);
  // An output after the call, in the order of an OpCall's outputs; one without plain memory is left out.
  void keep_output(const at::Tensor& tensor);
  void keep_output(const TensorView& view, c10::Device device);
  void write();
  bool written() const { return written_; }

 private:
  struct Kept {
    std::string name, dtype;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
    std::size_t element_bytes = 0;
  };
  void keep(const std::string& name, const TensorView& view);

  std::filesystem::path file_;
  std::vector<Kept> kept_;
  std::map<std::string, std::string> about_;
  std::size_t outputs_ = 0;
  bool written_ = false;
};

}  // namespace reprise
