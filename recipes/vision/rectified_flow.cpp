// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/rectified_flow.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "harness/base/error.h"

namespace reprise {
namespace {

at::Tensor length_of(const at::Tensor& x) { return at::clamp_min(x.square().sum(-1).sqrt(), 1e-8); }

}  // namespace

std::vector<double> logistic_of(const at::Tensor& normal) {
  const at::Tensor wide = normal.to(at::kCPU, at::kDouble).contiguous();
  std::vector<double> found;
  for (std::int64_t k = 0; k < wide.numel(); ++k)
    found.push_back(1 / (1 + std::exp(-wide.const_data_ptr<double>()[k])));
  return found;
}

at::Tensor by_sample(const std::vector<double>& times, const at::Tensor& like) {
  return at::tensor(times, at::kDouble).view({-1, 1, 1, 1}).to(like.scalar_type()).to(like.device());
}

at::Tensor between(const at::Tensor& x, const at::Tensor& noise, const at::Tensor& t) {
  return t * x + (1 - t) * noise;
}

at::Tensor followed(const at::Tensor& noise, std::int64_t steps,
                    const std::function<at::Tensor(const at::Tensor& z, double t)>& velocity) {
  if (steps < 1) fail("wanted flow_steps of 1 or more, found {}", steps);
  at::Tensor z = noise;
  for (std::int64_t k = 0; k < steps; ++k) {
    const auto all = static_cast<double>(steps);
    z = z + velocity(z, static_cast<double>(k) / all) * (1 / all);
  }
  return z;
}

at::Tensor misalignment(const at::Tensor& a, const at::Tensor& b) {
  return -((a * b).sum(-1) / (length_of(a) * length_of(b))).mean();
}

}  // namespace reprise
