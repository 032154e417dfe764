// SPDX-License-Identifier: Apache-2.0
// MNIST-1D (Greydanus and Kobak, "Scaling Down Deep Learning with MNIST-1D", ICML 2024), as its
// notebooks/train.py trains it: Adam, batches in fixed order. The data is cast to float32, as there.
#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>

#include "harness/base/error.h"
#include "recipes/data/array_file.h"
#include "recipes/training/signal_training.h"

namespace reprise::programs {
namespace {

// numpy.random.seed(42); numpy.random.permutation(40), as notebooks/mnist1d-classification.ipynb draws the
// order of its shuffled signals.
constexpr std::int64_t shuffled_order[] = {19, 16, 15, 26, 4,  12, 37, 27, 39, 6,  25, 9, 13, 31,
                                           34, 8,  17, 24, 0,  33, 5,  11, 1,  29, 21, 2, 30, 36,
                                           3,  35, 23, 32, 10, 22, 18, 20, 7,  14, 28, 38};

// Whether the points of a signal lie in their own order or in the shuffled one.
bool shuffles(const Setup& setup) {
  if (!setup.has("points")) return false;
  const std::string points = setup.text("points");
  if (points != "in-order" && points != "shuffled")
    fail("wanted points = \"in-order\" or \"shuffled\", found '{}'", points);
  return points == "shuffled";
}

Labelled examples(const Setup& setup, const std::string& x, const std::string& y) {
  Labelled read;
  read.x = read_npy(setup.data(x), x).to(at::kFloat).to(setup.dtype());
  if (shuffles(setup))
    read.x = at::index_select(read.x, 1, at::tensor(at::IntArrayRef(shuffled_order), at::kLong));
  read.y = read_npy(setup.data(y), y);
  return read;
}

std::unique_ptr<Training> begin(const Setup& setup) {
  const Labelled train = examples(setup, "x", "y");
  const Labelled test = examples(setup, "x_test", "y_test");
  return train_signals(setup, train, test, 10);
}

}  // namespace

extern const Program mnist1d{
    .summary = "the published MNIST-1D recipe; linear, mlp, cnn or gru",
    .begin = begin,
};

}  // namespace reprise::programs
