// SPDX-License-Identifier: Apache-2.0
#pragma once
// Four models that tell classes of 1-D signals apart, in the form of MNIST-1D's (greydanus/mnist1d,
// models.py): linear, mlp (one residual block), cnn (three strided convolutions), gru (both directions).
#include <cstdint>
#include <string>

#include "recipes/models/model.h"
#include "recipes/models/parameters.h"

namespace reprise {

struct SignalModelSizes {
  std::int64_t length;  // of a signal, in samples
  std::int64_t classes;
  std::int64_t hidden;    // units of the mlp
  std::int64_t channels;  // of the cnn
  std::int64_t units;     // of the gru, each direction
};

// `name` is one of linear, mlp, cnn, gru. The model takes [samples, length] and gives [samples, classes].
Model make_signal_model(Parameters& made, const std::string& name, const SignalModelSizes& sizes);

}  // namespace reprise
