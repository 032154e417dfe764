// SPDX-License-Identifier: Apache-2.0
#include "probes/optimizer_inputs.h"

#include <string>

namespace reprise {
namespace {

// A matrix and a bias, each of a length that no vector divides.
const Shape shapes[] = {{256, 301}, {301}};
constexpr const char* numbers[] = {"1", "2"};

std::string named(const char* kind, const char* number) { return std::string(kind) + " " + number; }

}  // namespace

Tensors optimizer_inputs(const Drawing& drawing) {
  Tensors inputs;
  for (std::size_t i = 0; i < std::size(shapes); ++i) {
    for (const char* kind : {"parameter", "gradient", "mean"})
      inputs.push_back(drawing.normal(named(kind, numbers[i]), shapes[i]));
    inputs.push_back(drawing.uniform(named("square", numbers[i]), shapes[i], 0.01F));
  }
  return inputs;
}

OptimizerInputs::OptimizerInputs(const Given& given) {
  for (const char* number : numbers) {
    parameters.push_back(given[named("parameter", number)].clone());
    gradients.push_back(given[named("gradient", number)].clone());
    means.push_back(given[named("mean", number)].clone());
    squares.push_back(given[named("square", number)].clone());
  }
}

Tensors OptimizerInputs::results() const {
  Tensors all;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    all.push_back({named("parameter", numbers[i]), parameters[i]});
    all.push_back({named("mean", numbers[i]), means[i]});
    all.push_back({named("square", numbers[i]), squares[i]});
  }
  return all;
}

}  // namespace reprise
