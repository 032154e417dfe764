// SPDX-License-Identifier: Apache-2.0
#include "probes/distance.h"

#include <ATen/ops/view_as_real.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "harness/base/error.h"

namespace reprise {
namespace {

struct Sums {
  double elements = 0, differing = 0, finite = 0, relative = 0;
};

at::Tensor on_cpu(const at::Tensor& tensor) {
  const at::Tensor here = tensor.cpu().contiguous();
  return here.is_complex() ? at::view_as_real(here) : here;
}

void add(const at::Tensor& a, const at::Tensor& b, Sums& sums) {
  const auto elements = static_cast<std::size_t>(a.numel());
  sums.elements += static_cast<double>(elements);
  sums.finite += static_cast<double>(elements);
  const auto *left = static_cast<const char*>(a.const_data_ptr()),
             *right = static_cast<const char*>(b.const_data_ptr());
  if (std::memcmp(left, right, a.nbytes()) == 0) return;
  const at::Tensor wide_a = a.to(at::kDouble), wide_b = b.to(at::kDouble);
  const auto *from = wide_a.const_data_ptr<double>(), *to = wide_b.const_data_ptr<double>();
  const std::size_t size = a.element_size();
  for (std::size_t i = 0; i < elements; ++i) {
    if (std::memcmp(left + i * size, right + i * size, size) == 0) continue;
    sums.differing += 1;
    const double relative = std::abs((from[i] - to[i]) / (from[i] + 1e-8));
    if (std::isfinite(relative))
      sums.relative += relative;
    else
      sums.finite -= 1;
  }
}

}  // namespace

Distance distance_of(const Tensors& a, const Tensors& b) {
  if (a.size() != b.size()) fail("wanted two results of {} tensors, found {}", a.size(), b.size());
  Sums sums;
  for (const auto& one : a) {
    // A checkpoint has them in another order.
    const auto other = std::ranges::find(b, one.name, &NamedTensor::name);
    const at::Tensor left = on_cpu(one.tensor), right = other == b.end() ? left : on_cpu(other->tensor);
    if (other == b.end() || left.sizes() != right.sizes() || left.scalar_type() != right.scalar_type())
      fail("{} has another name, shape or number format the second time; a probe gives the same each time",
           one.name);
    add(left, right, sums);
  }
  return {.v_ermv = sums.finite > 0 ? sums.relative / sums.finite : 0,
          .v_c = sums.elements > 0 ? sums.differing / sums.elements : 0};
}

}  // namespace reprise
