// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/digit_examples.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>

#include "harness/base/error.h"
#include "recipes/data/mnist_data.h"
#include "recipes/vision/number_words.h"
#include "recipes/vision/step_draws.h"

namespace reprise {
namespace {

Labelled examples(const Setup& setup, const std::string& part) {
  const Labelled read = read_mnist(setup, part);
  return {read.x.to(setup.dtype()).to(setup.device()), read.y.to(setup.device())};
}

}  // namespace

Digits read_digits(const Setup& setup) {
  const double share = setup.number("text_drop");
  if (share < 0 || share > 1) fail("wanted text_drop of 0 to 1, found {}", share);
  Digits digits{.train = examples(setup, "train"), .test = examples(setup, "test"), .seen = {}};
  const std::int64_t count = std::min(setup.integer("test_samples"), digits.test.x.size(0));
  if (count < 1) fail("wanted test_samples of 1 or more, found {}", count);
  digits.seen = {digits.test.x.narrow(0, 0, count), digits.test.y.narrow(0, 0, count)};
  return digits;
}

Labelled Digits::batch(const Setup& setup, std::int64_t i) const {
  const at::Tensor index = setup.batch(i).to(setup.device());
  return {at::index_select(train.x, 0, index), at::index_select(train.y, 0, index)};
}

Tensors Digits::tensors() const {
  return {{"x", train.x}, {"y", train.y}, {"x_test", test.x}, {"y_test", test.y}};
}

at::Tensor told_words(const Setup& setup, std::int64_t step, const at::Tensor& labels) {
  const at::Tensor dropped =
      StepDraws(setup, Stream::dropout, 0).uniform(step, {labels.size(0), 1}).lt(setup.number("text_drop"));
  const at::Tensor words = words_for(labels);
  return at::where(dropped, at::zeros_like(words), words);
}

at::Tensor asked_digits(const Setup& setup, std::int64_t each) {
  return at::arange(each * word_count, at::kLong).remainder(word_count).to(setup.device());
}

double warmed_rate(const Setup& setup, std::int64_t i) {
  const auto warm = static_cast<double>(std::max<std::int64_t>(1, setup.integer("warmup")));
  return setup.number("lr") * std::min(1.0, static_cast<double>(i) / warm);
}

}  // namespace reprise
