// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_generator.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Tensor.h>

#include <mutex>

#include "harness/record/operators/op_arguments.h"
#include "harness/record/tensor_digest.h"

namespace reprise {

std::optional<at::Generator> generator_of(c10::ArrayRef<const c10::IValue> inputs) {
  bool elsewhere = false;
  for (const c10::IValue& argument : inputs) {
    if (argument.isGenerator()) {
      at::Generator generator = argument.toGenerator();
      if (!generator.defined()) continue;
      return generator.device().is_cpu() ? std::optional(std::move(generator)) : std::nullopt;
    }
    if (argument.isDevice()) elsewhere = elsewhere || !argument.toDevice().is_cpu();
    each_tensor(argument, [&](const at::Tensor& tensor) {
      elsewhere = elsewhere || (tensor.defined() && !tensor.device().is_cpu());
    });
  }
  return elsewhere ? std::nullopt : std::optional(at::detail::getDefaultCPUGenerator());
}

OpTensor state_of(const std::optional<at::Generator>& generator) {
  OpTensor state{{}, std::string(generator_dtype), {}, Seen::unobserved};
  if (!generator) return state;
  at::Generator own = *generator;
  // Held only by who draws just now: an operator that calls others while it holds it would wait for ever.
  const std::unique_lock lock(own.mutex(), std::try_to_lock);
  if (!lock.owns_lock()) return state;
  const at::Tensor bytes(own.getIntrusivePtr()->get_state());
  state.digest = digest_of(view_of(bytes, "a generator's state")).digest;
  state.shape = bytes.sizes().vec();
  state.seen = Seen::content;
  return state;
}

}  // namespace reprise
