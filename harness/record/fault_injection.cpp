// SPDX-License-Identifier: Apache-2.0
#include "harness/record/fault_injection.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include "harness/base/error.h"

namespace reprise {
namespace {

std::span<std::byte> first_element(const at::Tensor& tensor) {
  auto* bytes = static_cast<std::byte*>(const_cast<void*>(tensor.const_data_ptr()));
  return {bytes, static_cast<std::size_t>(tensor.element_size())};
}

// The memory of a device is not the host's to write: its first element goes over and back.
void inject_on_device(const Fault& fault, const at::Tensor& weight) {
  const at::NoGradGuard no_gradients;
  at::Tensor first = weight.detach().as_strided({1}, {1});
  const at::Tensor here = first.to(at::kCPU);
  fault.weight(first_element(here));
  first.copy_(here);
}

}  // namespace

void inject(const Fault& fault, const State& state) {
  for (const auto& weight : state.weights) {
    if (!weight.tensor.defined() || weight.tensor.numel() == 0) continue;
    if (weight.tensor.device().is_cpu()) return fault.weight(first_element(weight.tensor));
    return inject_on_device(fault, weight.tensor);
  }
  fail("no weight can be changed: the recipe's state has none");
}

const Fault* fault_at(const Plan& plan, std::int64_t step) {
  const auto& injected = plan.watch.injected;
  return injected && injected->step == step ? &pick(faults_shelf(), injected->fault, "fault") : nullptr;
}

}  // namespace reprise
