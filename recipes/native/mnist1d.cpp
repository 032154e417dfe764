// SPDX-License-Identifier: Apache-2.0
// MNIST-1D (Greydanus and Kobak, "Scaling Down Deep Learning with MNIST-1D", ICML 2024), as its
// notebooks/train.py trains it: Adam, batches in fixed order. The data is cast to float32, as there.
#include "recipes/data/array_file.h"
#include "recipes/training/signal_training.h"

namespace reprise::programs {
namespace {

Labelled examples(const Setup& setup, const std::string& x, const std::string& y) {
  Labelled read;
  read.x = read_npy(setup.data(x), x).to(at::kFloat).to(setup.dtype());
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
