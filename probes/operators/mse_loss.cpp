// SPDX-License-Identifier: Apache-2.0
// A mean over squares.
// Eight of them: one number alone may well come out the same by chance.
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/stack.h>

#include <vector>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe mse_loss{
    .summary = "eight mean squared errors of 40,000 numbers, and backward",
    .family = Family::loss,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 40000}), draw.normal("y", {8, 40000})};
    },
    .call = [](const Given& given) -> Tensors {
      std::vector<at::Tensor> found;
      const auto x = given["x"].unbind(), y = given["y"].unbind();
      for (std::size_t i = 0; i < x.size(); ++i) found.push_back(at::mse_loss(x[i], y[i]));
      return {{"out", at::stack(found)}};
    },
    .gradients = "x y",
};

}  // namespace reprise::probes
