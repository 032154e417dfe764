// SPDX-License-Identifier: Apache-2.0
#include "recipes/data/mnist_data.h"

#include <ATen/TensorOperators.h>

#include "recipes/data/array_file.h"

namespace reprise {

Labelled read_mnist(const Setup& setup, const std::string& part) {
  Labelled read;
  const std::string images = part + "-images", labels = part + "-labels";
  read.x = read_idx(setup.data(images), images).unsqueeze(1).to(at::kFloat) / 255;
  read.y = read_idx(setup.data(labels), labels).to(at::kLong);
  return read;
}

}  // namespace reprise
