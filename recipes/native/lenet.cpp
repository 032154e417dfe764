// SPDX-License-Identifier: Apache-2.0
// LeNet-5 on MNIST with Adam: the network and constants of microsoft/RepDL's example (arXiv 2510.09180),
// trained by LibTorch's own operators.
#include <ATen/ops/max_pool2d.h>

#include "recipes/data/mnist_data.h"
#include "recipes/models/layers.h"
#include "recipes/training/classifier.h"

namespace reprise::programs {
namespace {

Labelled examples(const Setup& setup, const std::string& part) {
  Labelled read = read_mnist(setup, part);
  read.x = read.x.to(setup.dtype());
  return read;
}

// Images of [samples, 1, 28, 28], digits of ten classes.
Model make_lenet(Parameters& made) {
  const Conv2d conv1(made, "conv1", {.in = 1, .out = 6, .kernel = 5, .padding = 2});
  const Conv2d conv2(made, "conv2", {.in = 6, .out = 16, .kernel = 5});
  const Linear fc1(made, "fc1", 400, 120);
  const Linear fc2(made, "fc2", 120, 84);
  const Linear fc3(made, "fc3", 84, 10);
  return [=](const at::Tensor& x) {
    const at::Tensor first = at::max_pool2d(conv1(x).relu(), 2);
    const at::Tensor second = at::max_pool2d(conv2(first).relu(), 2).flatten(1);
    return fc3(fc2(fc1(second).relu()).relu());
  };
}

std::unique_ptr<Training> begin(const Setup& setup) {
  Classification task;
  task.train = examples(setup, "train");
  task.test = examples(setup, "test");
  task.make_model = make_lenet;
  task.adam.rate = setup.number("lr");
  return classify(setup, task);
}

}  // namespace

extern const Program lenet{
    .summary = "LeNet-5 on MNIST",
    .begin = begin,
};

}  // namespace reprise::programs
