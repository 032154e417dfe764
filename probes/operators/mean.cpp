// SPDX-License-Identifier: Apache-2.0
// A sum and a division.
// Eight of them: one number alone may well come out the same by chance.
#include <ATen/ops/mean.h>
#include <ATen/ops/stack.h>

#include <vector>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe mean{
    .summary = "eight means of 40,000 numbers, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 40000})};
    },
    .call = [](const Given& given) -> Tensors {
      std::vector<at::Tensor> found;
      for (const auto& x : given["x"].unbind()) found.push_back(at::mean(x));
      return {{"out", at::stack(found)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
