// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "harness/base/error.h"

namespace reprise {
namespace {

// One factor for each of the batch.
at::Tensor factors(const at::Tensor& table, const at::Tensor& t, std::int64_t dimensions) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(dimensions), 1);
  shape[0] = t.size(0);
  return at::index_select(table, 0, t).view(shape);
}

}  // namespace

std::vector<double> alpha_bars(std::int64_t steps, double first, double last) {
  if (steps < 2 || !(first > 0) || !(last < 1) || first > last)
    fail("wanted diffusion_steps of 2 or more and 0 < beta_first <= beta_last < 1, found {}, {} and {}",
         steps, first, last);
  std::vector<double> bars;
  double product = 1;
  const double root = std::sqrt(first), rise = std::sqrt(last) - root;
  for (std::int64_t t = 0; t < steps; ++t) {
    const double beta_root = root + rise * static_cast<double>(t) / static_cast<double>(steps - 1);
    product *= 1 - beta_root * beta_root;
    bars.push_back(product);
  }
  return bars;
}

NoiseSchedule::NoiseSchedule(const Setup& setup, std::int64_t steps, double first, double last) {
  std::vector<double> signal, noise;
  for (const double bar : alpha_bars(steps, first, last)) {
    signal.push_back(std::sqrt(bar));
    noise.push_back(std::sqrt(1 - bar));
  }
  signal_ = at::tensor(signal, at::kDouble).to(setup.dtype()).to(setup.device());
  noise_ = at::tensor(noise, at::kDouble).to(setup.dtype()).to(setup.device());
}

at::Tensor NoiseSchedule::noised(const at::Tensor& z, const at::Tensor& noise, const at::Tensor& t) const {
  return factors(signal_, t, z.dim()) * z + factors(noise_, t, z.dim()) * noise;
}

at::Tensor time_table(const Setup& setup, const std::vector<double>& times, std::int64_t width) {
  if (width < 2 || width % 2 != 0)
    fail("wanted an even number of channels to tell times by, found {}", width);
  const at::Tensor table = at::empty({static_cast<std::int64_t>(times.size()), width}, at::kDouble);
  auto* next = table.mutable_data_ptr<double>();
  const std::int64_t half = width / 2;
  for (const double time : times)
    for (std::int64_t k = 0; k < width; ++k) {
      const double speed = std::pow(10000.0, -static_cast<double>(k % half) / static_cast<double>(half));
      *next++ = k < half ? std::cos(time * speed) : std::sin(time * speed);
    }
  return table.to(setup.dtype()).to(setup.device());
}

}  // namespace reprise
