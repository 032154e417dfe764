// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/element_types.h"

#include "harness/tensor/dtypes.h"
#include "harness/tensor/safetensors.h"

namespace reprise {
namespace {

std::string_view name_of(const Dtype* dtype) { return dtype == nullptr ? std::string_view() : dtype->name; }

}  // namespace

std::string_view dtype_of_storage(std::string_view torch_storage) {
  constexpr std::string_view end = "Storage";
  if (torch_storage == "UntypedStorage") return "U8";
  if (!torch_storage.ends_with(end)) return {};
  return name_of(dtype_of_scalar(torch_storage.substr(0, torch_storage.size() - end.size())));
}

std::string_view dtype_of_torch(std::string_view torch_dtype) {
  return name_of(dtype_of_torch_name(torch_dtype));
}

std::optional<NumpyType> dtype_of_numpy(std::string_view description) {
  if (description.empty()) return std::nullopt;
  const char order = description.front();
  const bool has_order = order == '<' || order == '>' || order == '|' || order == '=';
  const std::string_view dtype =
      name_of(dtype_of_numpy_name(has_order ? description.substr(1) : description));
  if (dtype.empty()) return std::nullopt;
  const std::size_t size = bits_of(dtype) / (dtype.starts_with('C') ? 16 : 8);
  return NumpyType{dtype, order == '>' && size > 1 ? size : 0};
}

}  // namespace reprise
