// SPDX-License-Identifier: Apache-2.0
#pragma once
// LibTorch's tensors from and to safetensors files.
#include <filesystem>
#include <map>
#include <string>

#include "harness/plan/plan.h"
#include "harness/record/state.h"
#include "harness/tensor/safetensors.h"

namespace reprise {

// A copy of the file's tensor of that name, contiguous; an Error if there is none.
at::Tensor read_tensor(const Checkpoint& file, const std::string& name);

void write_tensors(const std::filesystem::path& path, const Tensors& tensors,
                   const std::map<std::string, std::string>& metadata);

// A state as a checkpoint holds it: weights/NAME, optimizer/NAME, the default generator as rng/torch.cpu and,
// where a GPU is in use, its generator as rng/torch.device. What lies on a device is copied to the CPU.
void write_state(const std::filesystem::path& path, const State& state, const Plan& plan, std::int64_t step);

struct StoredState {
  State state;  // weights and optimizer
  at::Tensor generator;
  at::Tensor device_generator;  // undefined where the checkpoint was made on the CPU
};
// An Error if the file is of another recipe or step than these.
StoredState read_state(const std::filesystem::path& path, const Plan& plan, std::int64_t step);

}  // namespace reprise
