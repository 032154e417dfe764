// SPDX-License-Identifier: Apache-2.0
#include "planted/racing_sum.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/zeros.h>
#include <torch/library.h>

#include <atomic>
#include <thread>
#include <vector>

namespace reprise {
namespace {

void add_half(const float* terms, std::int64_t count, std::int64_t first, std::atomic<float>& sum) {
  for (std::int64_t i = first; i < count; i += 2) {
    float before = sum.load();
    while (!sum.compare_exchange_weak(before, before + terms[i])) {
    }
    if (i % 16 < 2) std::this_thread::yield();  // so that they take turns on one core too
  }
}

at::Tensor racing_sum(const at::Tensor& terms) {
  const std::int64_t sums = terms.size(0), count = terms.size(1);
  at::Tensor result = at::zeros({sums}, terms.options());
  const auto* from = terms.const_data_ptr<float>();
  for (std::int64_t i = 0; i < sums; ++i) {
    std::atomic<float> sum{0};
    std::thread other([&] { add_half(from + i * count, count, 1, sum); });
    add_half(from + i * count, count, 0, sum);
    other.join();
    result.mutable_data_ptr<float>()[i] = sum.load();
  }
  return result;
}

at::Tensor ordered_sum(const at::Tensor& terms) {
  const std::int64_t sums = terms.size(0), count = terms.size(1);
  at::Tensor result = at::zeros({sums}, terms.options());
  for (std::int64_t i = 0; i < sums; ++i) {
    float sum = 0;
    for (std::int64_t k = 0; k < count; ++k) sum += terms.const_data_ptr<float>()[i * count + k];
    result.mutable_data_ptr<float>()[i] = sum;
  }
  return result;
}

TORCH_LIBRARY(planted, library) {
  library.def("racing_sum(Tensor terms) -> Tensor");
  library.def("ordered_sum(Tensor terms) -> Tensor");
  library.impl("racing_sum", c10::DispatchKey::CPU, &racing_sum);
  library.impl("ordered_sum", c10::DispatchKey::CPU, &ordered_sum);
}

}  // namespace

at::Tensor called_sum(const at::Tensor& terms, bool racing) {
  return c10::Dispatcher::singleton()
      .findSchemaOrThrow(racing ? "planted::racing_sum" : "planted::ordered_sum", "")
      .typed<at::Tensor(const at::Tensor&)>()
      .call(terms);
}

}  // namespace reprise
