// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/lenet.h"

#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices_backward.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/threshold_backward.h>

#include <array>
#include <utility>

#include "harness/base/error.h"
#include "recipes/models/fixed_order/convolutions.h"
#include "recipes/models/fixed_order/losses.h"
#include "recipes/models/fixed_order/products.h"
#include "recipes/models/fixed_order/sums.h"

namespace reprise::fixed_order {
namespace {

constexpr std::array<std::int64_t, 2> paddings = {2, 0};

// What the way back needs of the way there.
struct ConvPass {
  at::Tensor input, active, pooled, index;
};
struct LinearPass {
  at::Tensor input, output;  // before any ReLU
};
struct Pass {
  std::array<ConvPass, 2> conv;
  std::array<LinearPass, 3> linear;
};

ConvPass conv_layer(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    std::int64_t padding) {
  ConvPass pass{.input = x, .active = at::relu(conv2d(x, weight, bias, padding)), .pooled = {}, .index = {}};
  std::tie(pass.pooled, pass.index) = at::max_pool2d_with_indices(pass.active, 2, 2);
  return pass;
}

Pass there(const Tensors& p, const at::Tensor& images) {
  Pass pass;
  at::Tensor x = images;
  for (std::size_t i = 0; i < 2; ++i) {
    pass.conv[i] = conv_layer(x, p[2 * i].tensor, p[2 * i + 1].tensor, paddings[i]);
    x = pass.conv[i].pooled;
  }
  x = x.flatten(1);
  for (std::size_t i = 0; i < 3; ++i) {
    pass.linear[i] = {x, linear(x, p[4 + 2 * i].tensor, p[5 + 2 * i].tensor)};
    x = at::relu(pass.linear[i].output);
  }
  return pass;
}

// Through a ReLU whose output is given.
at::Tensor behind_relu(const at::Tensor& g, const at::Tensor& output) {
  return at::threshold_backward(g, output, 0);
}

// Fills the gradients from the last layer to the first.
void back(const Tensors& p, const Pass& pass, at::Tensor g, std::vector<at::Tensor>& gradients) {
  for (std::size_t i = 3; i-- > 0;) {
    const LinearPass& layer = pass.linear[i];
    gradients[4 + 2 * i] = product(g.t(), layer.input);
    gradients[5 + 2 * i] = sum_of_rows(g);
    g = product(g, p[4 + 2 * i].tensor);
    if (i > 0) g = behind_relu(g, layer.input);
  }
  g = g.view(pass.conv[1].pooled.sizes());
  for (std::size_t i = 2; i-- > 0;) {
    const ConvPass& layer = pass.conv[i];
    g = at::max_pool2d_with_indices_backward(g, layer.active, 2, 2, 0, 1, false, layer.index);
    g = behind_relu(g, layer.active);
    gradients[2 * i] = conv2d_weight_gradient(g, layer.input, paddings[i]);
    gradients[2 * i + 1] = sum_of_channels(g);
    if (i > 0) g = conv2d_input_gradient(g, p[2 * i].tensor, paddings[i]);
  }
}

}  // namespace

const std::vector<Lenet::Shape>& Lenet::shapes() {
  static const std::vector<Shape> shapes = {{"net.0.weight", {6, 1, 5, 5}},  {"net.0.bias", {6}},
                                            {"net.3.weight", {16, 6, 5, 5}}, {"net.3.bias", {16}},
                                            {"net.7.weight", {120, 400}},    {"net.7.bias", {120}},
                                            {"net.9.weight", {84, 120}},     {"net.9.bias", {84}},
                                            {"net.11.weight", {10, 84}},     {"net.11.bias", {10}}};
  return shapes;
}

Lenet::Lenet(Tensors parameters) : parameters_(std::move(parameters)) {
  check(parameters_.size() == shapes().size(), "LeNet has ten parameters");
}

at::Tensor Lenet::logits(const at::Tensor& images) const {
  return there(parameters_, images).linear[2].output;
}

Lenet::Learned Lenet::learn(const at::Tensor& images, const at::Tensor& labels) const {
  const Pass pass = there(parameters_, images);
  const at::Tensor& logits = pass.linear[2].output;
  std::vector<at::Tensor> gradients(parameters_.size());
  back(parameters_, pass, cross_entropy_gradient(logits, labels), gradients);
  Learned learned{.loss = cross_entropy(logits, labels), .gradients = {}};
  for (std::size_t i = 0; i < gradients.size(); ++i)
    learned.gradients.push_back({parameters_[i].name, gradients[i]});
  return learned;
}

}  // namespace reprise::fixed_order
