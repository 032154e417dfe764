// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/signal_models.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/relu.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "recipes/models/layers.h"

namespace reprise {
namespace {

Model make_linear(Parameters& made, const SignalModelSizes& sizes) {
  const Linear only(made, "linear", sizes.length, sizes.classes);
  return [=](const at::Tensor& x) { return only(x); };
}

Model make_mlp(Parameters& made, const SignalModelSizes& sizes) {
  const Linear first(made, "linear1", sizes.length, sizes.hidden);
  const Linear second(made, "linear2", sizes.hidden, sizes.hidden);
  const Linear last(made, "linear3", sizes.hidden, sizes.classes);
  return [=](const at::Tensor& x) {
    at::Tensor h = at::relu(first(x));
    h = h + at::relu(second(h));
    return last(h);
  };
}

Model make_cnn(Parameters& made, const SignalModelSizes& sizes) {
  const auto halved = [](std::int64_t length, std::int64_t kernel) { return (length + 2 - kernel) / 2 + 1; };
  const std::int64_t left = halved(halved(halved(sizes.length, 5), 3), 3);
  const Conv1d first(made, "conv1", {.in = 1, .out = sizes.channels, .kernel = 5, .stride = 2, .padding = 1});
  const Conv1d second(made, "conv2",
                      {.in = sizes.channels, .out = sizes.channels, .kernel = 3, .stride = 2, .padding = 1});
  const Conv1d third(made, "conv3",
                     {.in = sizes.channels, .out = sizes.channels, .kernel = 3, .stride = 2, .padding = 1});
  const Linear last(made, "linear", sizes.channels * left, sizes.classes);
  return [=](const at::Tensor& x) {
    at::Tensor h = at::relu(first(x.unsqueeze(1)));
    h = at::relu(second(h));
    h = at::relu(third(h));
    return last(h.flatten(1));
  };
}

Model make_gru(Parameters& made, const SignalModelSizes& sizes) {
  const Gru gru(made, "gru", 1, sizes.units);
  const Linear last(made, "linear", 2 * sizes.units * sizes.length, sizes.classes);
  return [=](const at::Tensor& x) { return last(gru(x.unsqueeze(2)).flatten(1)); };
}

}  // namespace

Model make_signal_model(Parameters& made, const std::string& name, const SignalModelSizes& sizes) {
  if (name == "linear") return make_linear(made, sizes);
  if (name == "mlp") return make_mlp(made, sizes);
  if (name == "cnn") return make_cnn(made, sizes);
  if (name == "gru") return make_gru(made, sizes);
  const std::vector<std::string> known{"cnn", "gru", "linear", "mlp"};
  fail("{}", unknown_name("model", name, known));
}

}  // namespace reprise
