// SPDX-License-Identifier: Apache-2.0
#include "harness/record/tensor_digest.h"

#include <ATen/CPUGeneratorImpl.h>

#include <array>
#include <cstring>

#include "harness/base/error.h"
#include "harness/record/device_digest.h"
#include "harness/tensor/dtypes.h"
#include "harness/tensor/element_walk.h"

namespace reprise {

namespace {

constexpr std::size_t types = static_cast<std::size_t>(at::ScalarType::NumOptions);

// Looked up once: a name is asked for with every tensor of every step.
std::array<std::string_view, types> all_names() {
  std::array<std::string_view, types> names;
  for (std::size_t i = 0; i < types; ++i) {
    const Dtype* dtype = dtype_of_scalar(c10::toString(static_cast<at::ScalarType>(i)));
    if (dtype != nullptr) names[i] = dtype->name;
  }
  return names;
}

std::string_view name_or_nothing(at::ScalarType type) {
  static const auto names = all_names();
  const auto index = static_cast<std::size_t>(type);
  return index < types ? names[index] : std::string_view();
}

}  // namespace

std::string_view dtype_name(at::ScalarType type) {
  const auto name = name_or_nothing(type);
  if (name.empty())
    fail("no digest is defined for tensors of LibTorch's number format {}", c10::toString(type));
  return name;
}

bool has_dtype_name(at::ScalarType type) { return !name_or_nothing(type).empty(); }

at::ScalarType scalar_type_of(std::string_view dtype) {
  for (std::size_t i = 0; i < types; ++i)
    if (const auto type = static_cast<at::ScalarType>(i); name_or_nothing(type) == dtype) return type;
  fail("LibTorch has no number format {}", dtype);
}

TensorView view_of(const at::Tensor& tensor, std::string_view name) {
  if (tensor.defined() && !tensor.device().is_cpu())
    fail("tensor {} is on {}; wanted one on the CPU", name, tensor.device().str());
  return device_view_of(tensor, name);
}

TensorView device_view_of(const at::Tensor& tensor, std::string_view name) {
  if (!tensor.defined())
    fail("the recipe names a tensor {} that is not there; leave it out of state()", name);
  if (tensor.layout() != at::kStrided)
    fail("tensor {} is not dense; give its parts in state() instead", name);
  if (tensor.is_conj() || tensor.is_neg())
    fail("tensor {} is conjugated or negated lazily; give tensor.resolve_conj().resolve_neg() in state()",
         name);
  return {.dtype = dtype_name(tensor.scalar_type()),
          .shape = {tensor.sizes().data(), tensor.sizes().size()},
          .strides = {tensor.strides().data(), tensor.strides().size()},
          .data = tensor.const_data_ptr(),
          .element_bytes = static_cast<std::size_t>(tensor.element_size())};
}

TensorDigest named_digest(std::string name, const TensorView& tensor) {
  ContentDigest content = digest_of(tensor);
  return {.name = std::move(name),
          .dtype = std::string(tensor.dtype),
          .shape = {tensor.shape.begin(), tensor.shape.end()},
          .digest = content.digest,
          .leaves = std::move(content.leaves)};
}

TensorDigest digest_of(const NamedTensor& named) {
  if (named.tensor.defined() && !named.tensor.device().is_cpu()) return digests_of({named}).front();
  return named_digest(named.name, view_of(named.tensor, named.name));
}

TensorDigest generator_digest() {
  return digest_of(NamedTensor{"torch.cpu", at::detail::getDefaultCPUGenerator().get_state()});
}

std::vector<TensorDigest> digests_of(const Tensors& tensors) { return Digests(tensors, true).take(); }

Loss loss_of(const TensorView& loss) {
  if (const auto elements = elements_of(loss.shape); elements != 1)
    fail("wanted a loss of one element, found {}; take its mean in step()", elements);
  if (loss.dtype != "F32" && loss.dtype != "F64" && loss.dtype != "BF16" && loss.dtype != "F16")
    fail("wanted a loss of dtype F32, F64, BF16 or F16, found {}", loss.dtype);
  Loss result{.dtype = std::string(loss.dtype), .bits = 0};
  // The low bytes of a little-endian word; every platform LibTorch has wheels for is little-endian.
  std::memcpy(&result.bits, loss.data, loss.element_bytes);
  return result;
}

Loss loss_of(const at::Tensor& loss) {
  const at::Tensor here = copied_to_cpu(loss, false);
  return loss_of(view_of(here, "loss"));
}

}  // namespace reprise
