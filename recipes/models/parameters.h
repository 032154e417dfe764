// SPDX-License-Identifier: Apache-2.0
#pragma once
// A model's weights on the run's device, from the harness's own draws: the same bits on every processor, in
// the distributions of torch.nn's defaults. By the pin rng LibTorch's generator of the device draws instead;
// by start=exact never, and each weight is a whole number below 2^24 times a power of two: nothing rounds.
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "harness/record/training/program.h"

namespace reprise {

class Parameters {
 public:
  // Takes the run's draws for weights and its number format.
  explicit Parameters(const Setup& setup);

  // Each makes one leaf that wants a gradient, and keeps it under its name. The n-th one made takes the draws
  // of epoch n, element by element in row-major order, so what comes after it does not change it. (LibTorch's
  // generator is one stream: there, what comes before does.)
  at::Tensor uniform(const std::string& name, const std::vector<std::int64_t>& shape,
                     double bound);  // [-bound, bound)
  at::Tensor normal(const std::string& name, const std::vector<std::int64_t>& shape, double deviation);
  at::Tensor constant(const std::string& name, const std::vector<std::int64_t>& shape, double value);

  const Tensors& all() const { return made_; }  // in the order of making

 private:
  at::Tensor on_device(const std::vector<std::int64_t>& shape) const;  // float32, not filled
  at::Tensor keep(const std::string& name, const at::Tensor& values);
  const Setup& setup_;
  Tensors made_;
};

}  // namespace reprise
