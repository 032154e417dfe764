// SPDX-License-Identifier: Apache-2.0
// One long sum of products.
// Eight of them: one number alone may well come out the same by chance.
#include <ATen/ops/dot.h>
#include <ATen/ops/stack.h>

#include <vector>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe dot{
    .summary = "eight inner products of 40,000 numbers, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 40000}), draw.normal("y", {8, 40000})};
    },
    .call = [](const Given& given) -> Tensors {
      std::vector<at::Tensor> found;
      const auto x = given["x"].unbind(), y = given["y"].unbind();
      for (std::size_t i = 0; i < x.size(); ++i) found.push_back(at::dot(x[i], y[i]));
      return {{"out", at::stack(found)}};
    },
    .gradients = "x y",
};

}  // namespace reprise::probes
