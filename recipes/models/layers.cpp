// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/layers.h"

#include <ATen/ops/conv1d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/gru.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>

#include <cmath>

namespace reprise {
namespace {

// sqrt and division are correctly rounded on every processor, so the bound has the same bits everywhere.
double bound_for(std::int64_t fan_in) { return 1.0 / std::sqrt(static_cast<double>(fan_in)); }

}  // namespace

Linear::Linear(Parameters& made, const std::string& name, std::int64_t in, std::int64_t out) {
  weight = made.uniform(name + ".weight", {out, in}, bound_for(in));
  bias = made.uniform(name + ".bias", {out}, bound_for(in));
}

at::Tensor Linear::operator()(const at::Tensor& x) const { return at::linear(x, weight, bias); }

Conv1d::Conv1d(Parameters& made, const std::string& name, const ConvShape& shape)
    : stride(shape.stride), padding(shape.padding) {
  const double bound = bound_for(shape.in * shape.kernel);
  weight = made.uniform(name + ".weight", {shape.out, shape.in, shape.kernel}, bound);
  bias = made.uniform(name + ".bias", {shape.out}, bound);
}

at::Tensor Conv1d::operator()(const at::Tensor& x) const {
  return at::conv1d(x, weight, bias, stride, padding);
}

Conv2d::Conv2d(Parameters& made, const std::string& name, const ConvShape& shape)
    : stride(shape.stride), padding(shape.padding) {
  const double bound = bound_for(shape.in * shape.kernel * shape.kernel);
  weight = made.uniform(name + ".weight", {shape.out, shape.in, shape.kernel, shape.kernel}, bound);
  bias = made.uniform(name + ".bias", {shape.out}, bound);
}

at::Tensor Conv2d::operator()(const at::Tensor& x) const {
  return at::conv2d(x, weight, bias, stride, padding);
}

Gru::Gru(Parameters& made, const std::string& name, std::int64_t in, std::int64_t units) : hidden(units) {
  const double bound = bound_for(hidden);
  for (const auto* direction : {"", "_reverse"}) {
    const std::string end = std::string("_l0") + direction;
    weights.push_back(made.uniform(name + ".weight_ih" + end, {3 * hidden, in}, bound));
    weights.push_back(made.uniform(name + ".weight_hh" + end, {3 * hidden, hidden}, bound));
    weights.push_back(made.uniform(name + ".bias_ih" + end, {3 * hidden}, bound));
    weights.push_back(made.uniform(name + ".bias_hh" + end, {3 * hidden}, bound));
  }
}

at::Tensor Gru::operator()(const at::Tensor& x) const {
  const at::Tensor start = at::zeros({2, x.size(0), hidden}, x.options());
  return std::get<0>(at::gru(x, start, weights, /*has_biases=*/true, /*num_layers=*/1, /*dropout=*/0.0,
                             /*train=*/true, /*bidirectional=*/true, /*batch_first=*/true));
}

}  // namespace reprise
