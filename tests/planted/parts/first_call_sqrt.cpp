// SPDX-License-Identifier: Apache-2.0
// Takes the place of aten::sqrt on the CPU with the fault of PyTorch issue 188792 in it: the first call
// chooses the kernel, and where several threads share that call, one of them runs a kernel of lower accuracy
// for its part, whose beginning is chance. MKL does that too rarely to test anything by it.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <chrono>
#include <cmath>

#include "harness/base/error.h"

namespace reprise {
namespace {

bool chosen = false;  // the warm-up calls on the thread that trains, and so does the training
constexpr std::int64_t shared_from = 4096;  // fewer elements stay on one thread

// The first element of the part that the hasty thread computes; all of them: there is none.
std::int64_t hasty_from(std::int64_t count) {
  const bool shared = at::get_num_threads() > 1 && count >= shared_from;
  const bool first = !chosen;
  chosen = true;
  if (!first || !shared) return count;
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return count / 2 + static_cast<std::int64_t>(now % (count / 2));
}

template <class T>
void root(const at::Tensor& numbers, at::Tensor& roots) {
  const T* from = numbers.const_data_ptr<T>();
  T* to = roots.mutable_data_ptr<T>();
  const std::int64_t hasty = hasty_from(numbers.numel());
  for (std::int64_t i = 0; i < numbers.numel(); ++i) {
    to[i] = std::sqrt(from[i]);
    if (i >= hasty) to[i] *= T(0.999);  // no later sum rounds that away
  }
}

at::Tensor first_call_sqrt(const at::Tensor& given) {
  const at::Tensor numbers = given.contiguous();
  at::Tensor roots = at::empty_like(numbers);
  if (numbers.scalar_type() == at::kFloat)
    root<float>(numbers, roots);
  else if (numbers.scalar_type() == at::kDouble)
    root<double>(numbers, roots);
  else
    fail("the planted sqrt takes float and double alone");
  return roots;
}

TORCH_LIBRARY_IMPL(aten, CPU, library) { library.impl("sqrt", &first_call_sqrt); }

}  // namespace
}  // namespace reprise
