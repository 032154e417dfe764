// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/stored_tensors.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>

#include <cstring>

#include "harness/base/error.h"
#include "harness/record/device.h"
#include "harness/record/tensor_digest.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr const char* device_generator_name = "rng/torch.device";

constexpr at::ScalarType storable[] = {
    at::kBool,   at::kByte,         at::kChar,          at::kShort,         at::kInt,        at::kLong,
    at::kUInt16, at::kUInt32,       at::kUInt64,        at::kHalf,          at::kBFloat16,   at::kFloat,
    at::kDouble, at::kComplexFloat, at::kComplexDouble, at::kFloat8_e4m3fn, at::kFloat8_e5m2};

at::ScalarType type_named(const std::string& name) {
  for (const auto type : storable)
    if (dtype_name(type) == name) return type;
  fail("no LibTorch number format is called {}", name);
}

}  // namespace

at::Tensor read_tensor(const Checkpoint& file, const std::string& name) {
  for (const auto& stored : file.tensors()) {
    if (stored.name != name) continue;
    at::Tensor tensor = at::empty(stored.shape, type_named(stored.dtype));
    const auto bytes = file.read(stored);
    if (!bytes.empty()) std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
    return tensor;
  }
  fail(
      "the file holds no tensor {}; it was written by another version, or is not a checkpoint of this recipe",
      name);
}

void write_tensors(const fs::path& path, const Tensors& tensors,
                   const std::map<std::string, std::string>& metadata) {
  std::vector<StoredTensor> stored;
  std::vector<at::Tensor> copies;  // on the CPU, of what lies on a device: alive until they are written
  for (const auto& named : tensors) {
    const bool here = !named.tensor.defined() || named.tensor.device().is_cpu();
    copies.push_back(here ? named.tensor : named.tensor.to(at::kCPU));
    stored.push_back({named.name, view_of(copies.back(), named.name)});
  }
  write_safetensors(path, stored, metadata);
}

void write_state(const fs::path& path, const State& state, const Plan& plan, std::int64_t step) {
  Tensors all;
  for (const auto& one : state.weights) all.push_back({"weights/" + one.name, one.tensor});
  for (const auto& one : state.optimizer) all.push_back({"optimizer/" + one.name, one.tensor});
  all.push_back({"rng/torch.cpu", at::detail::getDefaultCPUGenerator().get_state()});
  if (const auto generator = device_generator())
    all.push_back({device_generator_name, generator->get_state()});
  write_tensors(path, all,
                {{"plan_id", plan_id(plan)}, {"recipe", plan.recipe}, {"step", std::to_string(step)}});
}

StoredState read_state(const fs::path& path, const Plan& plan, std::int64_t step) {
  const Checkpoint file(path);
  const auto said = [&](const char* key) {
    const auto found = file.metadata().find(key);
    return found == file.metadata().end() ? std::string("nothing") : found->second;
  };
  if (said("recipe") != plan.recipe || said("step") != std::to_string(step))
    fail("wanted a checkpoint of recipe {} at step {}, found one of recipe {} at step {}: {}", plan.recipe,
         step, said("recipe"), said("step"), path.string());
  StoredState stored;
  for (const auto& tensor : file.tensors()) {
    const auto slash = tensor.name.find('/');
    const std::string stage = tensor.name.substr(0, slash), name = tensor.name.substr(slash + 1);
    if (stage == "weights") stored.state.weights.push_back({name, read_tensor(file, tensor.name)});
    if (stage == "optimizer") stored.state.optimizer.push_back({name, read_tensor(file, tensor.name)});
  }
  stored.generator = read_tensor(file, "rng/torch.cpu");
  for (const auto& tensor : file.tensors())
    if (tensor.name == device_generator_name) stored.device_generator = read_tensor(file, tensor.name);
  return stored;
}

}  // namespace reprise
