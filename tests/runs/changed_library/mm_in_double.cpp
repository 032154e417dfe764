// SPDX-License-Identifier: Apache-2.0
// What an update of a library can do: the matrix products of the CPU are summed with other roundings. Loaded
// before LibTorch by LD_PRELOAD, it takes the place of aten::mm.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

namespace reprise {
namespace {

at::Tensor mm_in_double(const at::Tensor& left, const at::Tensor& right) {
  const at::Tensor a = left.contiguous(), b = right.contiguous();
  const std::int64_t rows = a.size(0), inner = a.size(1), columns = b.size(1);
  at::Tensor product = at::empty({rows, columns}, a.options());
  const auto* from_a = a.const_data_ptr<float>();
  const auto* from_b = b.const_data_ptr<float>();
  auto* into = product.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k < inner; ++k)
        sum += static_cast<double>(from_a[i * inner + k]) * from_b[k * columns + j];
      into[i * columns + j] = static_cast<float>(sum);
    }
  return product;
}

TORCH_LIBRARY_IMPL(aten, CPU, library) { library.impl("mm", &mm_in_double); }

}  // namespace
}  // namespace reprise
