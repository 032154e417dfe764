// SPDX-License-Identifier: Apache-2.0
#include "pretended_device.h"

#include <ATen/EmptyTensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace reprise {
namespace {

std::atomic<std::int64_t> calls = 0;

struct HostMemory final : c10::Allocator {
  c10::DataPtr allocate(std::size_t bytes) override {
    // As LibTorch aligns on the CPU: matrix libraries choose kernels by it.
    constexpr std::size_t line = 64;
    void* memory = std::aligned_alloc(line, (bytes / line + 1) * line);
    return {memory, memory, &std::free, pretended_device};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &std::free; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
};
HostMemory memory;

const c10::DispatchKeySet there(c10::DispatchKey::PrivateUse1);

// The same memory, as a tensor of the CPU.
at::Tensor on_host(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.is_cpu()) return tensor;
  return at::from_blob(tensor.mutable_data_ptr(), tensor.sizes(), tensor.strides(),
                       tensor.options().device(at::kCPU).requires_grad(false));
}

at::Tensor empty_strided_there(at::IntArrayRef size, at::IntArrayRef stride,
                               std::optional<at::ScalarType> dtype) {
  return at::Tensor(
      at::detail::empty_strided_generic(size, stride, &memory, there, dtype.value_or(at::kFloat)));
}

at::Tensor empty_there(at::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                       std::optional<at::Device>, std::optional<bool>,
                       std::optional<at::MemoryFormat> format) {
  return at::Tensor(at::detail::empty_generic(size, &memory, there, dtype.value_or(at::kFloat), format));
}

at::Tensor empty_strided_call(at::IntArrayRef size, at::IntArrayRef stride,
                              std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                              std::optional<at::Device>, std::optional<bool>) {
  return empty_strided_there(size, stride, dtype);
}

at::Tensor moved(const at::Tensor& result) {
  if (!result.defined()) return result;
  const at::Tensor copy = empty_strided_there(result.sizes(), result.strides(), result.scalar_type());
  on_host(copy).copy_(result);
  return copy;
}

at::Tensor copy_from(const at::Tensor& self, const at::Tensor& into, bool) {
  on_host(into).copy_(on_host(self));
  return into;
}

using Sizes = at::IntArrayRef;
at::Tensor convolved(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                     Sizes stride, Sizes padding, Sizes dilation, bool transposed, Sizes output_padding,
                     std::int64_t groups) {
  const auto added = bias ? std::optional(on_host(*bias)) : std::nullopt;
  return moved(at::convolution(on_host(x), on_host(weight), added, stride, padding, dilation, transposed,
                               output_padding, groups));
}
std::tuple<at::Tensor, at::Tensor, at::Tensor> convolved_back(const at::Tensor& gradient, const at::Tensor& x,
                                                              const at::Tensor& weight, Sizes stride,
                                                              Sizes padding, Sizes dilation, bool transposed,
                                                              Sizes output_padding, std::int64_t groups,
                                                              std::array<bool, 3> wanted) {
  const std::vector<std::int64_t> bias = {weight.size(0)};
  const auto [a, b, c] =
      at::convolution_backward(on_host(gradient), on_host(x), on_host(weight), at::OptionalIntArrayRef(bias),
                               stride, padding, dilation, transposed, output_padding, groups, wanted);
  return {moved(a), moved(b), moved(c)};
}

// An operator may give its result's size to an empty tensor: that grows on the host, and what it became is
// taken over.
bool may_grow(const c10::Argument& about, const c10::IValue& argument) {
  const auto* alias = about.alias_info();
  return alias != nullptr && alias->isWrite() && argument.isTensor() && argument.toTensor().defined() &&
         argument.toTensor().device() == pretended_device && argument.toTensor().numel() == 0;
}
void take_over(const at::Tensor& grown, const at::Tensor& into) {
  const at::Tensor copy = moved(grown);
  into.unsafeGetTensorImpl()->set_storage_keep_dtype(copy.storage());
  into.unsafeGetTensorImpl()->set_sizes_and_strides(copy.sizes(), copy.strides());
}

// Which devices the tensors of a call lie on.
struct Seen {
  bool here = false, there = false;
  void look(const at::Tensor& tensor) {
    if (!tensor.defined()) return;
    there = there || tensor.device() == pretended_device;
    here = here || (tensor.is_cpu() && tensor.dim() > 0);
  }
};

c10::IValue argument_on_host(const c10::IValue& argument, Seen& seen) {
  if (argument.isTensor()) {
    seen.look(argument.toTensor());
    return on_host(argument.toTensor());
  }
  if (argument.isTensorList()) {
    c10::List<at::Tensor> list;
    for (const at::Tensor& tensor : argument.toTensorVector()) {
      seen.look(tensor);
      list.push_back(on_host(tensor));
    }
    return list;
  }
  if (argument.isOptionalTensorList()) {
    c10::List<std::optional<at::Tensor>> list;
    for (const auto& tensor : argument.toOptionalTensorVector()) {
      if (tensor) seen.look(*tensor);
      list.push_back(tensor ? std::optional(on_host(*tensor)) : std::nullopt);
    }
    return list;
  }
  if (argument.isDevice()) return at::Device(at::kCPU);
  return argument;
}

c10::IValue result_there(const c10::IValue& result) {
  if (result.isTensor()) return moved(result.toTensor());
  if (!result.isTensorList()) return result;
  c10::List<at::Tensor> list;
  for (const at::Tensor& tensor : result.toTensorVector()) list.push_back(moved(tensor));
  return list;
}

// The argument that a result is, as `self` of an operator in place; -1 for a new tensor.
int argument_of(const c10::FunctionSchema& schema, std::size_t result) {
  const auto* alias = schema.returns()[result].alias_info();
  if (alias == nullptr) return -1;
  TORCH_CHECK(alias->isWrite(), "the pretended device has no view ", schema.name());
  for (std::size_t i = 0; i < schema.arguments().size(); ++i)
    if (const auto* other = schema.arguments()[i].alias_info())
      if (other->beforeSets() == alias->beforeSets()) return static_cast<int>(i);
  TORCH_CHECK(false, "the pretended device cannot tell what ", schema.name(), " gives back");
}

void run_on_host(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  const auto& schema = op.schema();
  const std::size_t count = schema.arguments().size(), begin = stack->size() - count;
  const std::vector<c10::IValue> given(stack->end() - static_cast<std::ptrdiff_t>(count), stack->end());
  Seen seen;
  for (std::size_t i = 0; i < count; ++i) (*stack)[begin + i] = argument_on_host(given[i], seen);
  TORCH_CHECK(!(seen.here && seen.there), refusal_of_two_devices, schema.name());
  ++calls;
  std::vector<std::pair<at::Tensor, at::Tensor>> growing;  // on the host, there
  for (std::size_t i = 0; i < count; ++i) {
    if (!may_grow(schema.arguments()[i], given[i])) continue;
    const at::Tensor& original = given[i].toTensor();
    growing.emplace_back(at::empty({0}, original.options().device(at::kCPU)), original);
    (*stack)[begin + i] = growing.back().first;
  }
  op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  for (const auto& [grown, original] : growing) take_over(grown, original);
  const std::size_t results = stack->size() - schema.returns().size();
  for (std::size_t i = 0; i < schema.returns().size(); ++i) {
    const int argument = argument_of(schema, i);
    (*stack)[results + i] =
        argument < 0 ? result_there((*stack)[results + i]) : given[static_cast<std::size_t>(argument)];
  }
}

using Guard = c10::impl::NoOpDeviceGuardImpl<c10::DeviceType::PrivateUse1>;
struct PretendedGuard final : Guard {
  c10::Device getDevice() const override { return pretended_device; }
  c10::Device exchangeDevice(c10::Device) const override { return pretended_device; }
  c10::Stream getStream(c10::Device) const noexcept override { return stream(); }
  c10::Stream getDefaultStream(c10::Device) const override { return stream(); }
  c10::Stream exchangeStream(c10::Stream) const noexcept override { return stream(); }

 private:
  static c10::Stream stream() { return c10::Stream(c10::Stream::DEFAULT, pretended_device); }
};

struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
};

// The engine of gradients asks for the accelerator and its stream.
const bool registered = [] {
  static Hooks hooks;
  at::RegisterPrivateUse1HooksInterface(&hooks);
  c10::register_privateuse1_backend("pretended");
  return true;
}();

}  // namespace

C10_REGISTER_GUARD_IMPL(PrivateUse1, PretendedGuard)

std::int64_t pretended_calls() { return calls; }

}  // namespace reprise

TORCH_LIBRARY_IMPL(aten, PrivateUse1, m) {
  m.impl("empty.memory_format", &reprise::empty_there);
  m.impl("empty_strided", &reprise::empty_strided_call);
  m.impl("as_strided", &at::native::as_strided_tensorimpl);
  m.impl("view", &at::native::view);
  m.impl("_reshape_alias", &at::native::_reshape_alias);
  m.impl("_copy_from", &reprise::copy_from);
  m.impl("convolution_overrideable", &reprise::convolved);
  m.impl("convolution_backward_overrideable", &reprise::convolved_back);
}

TORCH_LIBRARY_IMPL(_, PrivateUse1, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&reprise::run_on_host>());
}
