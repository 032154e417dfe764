// SPDX-License-Identifier: Apache-2.0
// Means and squares are merged from part to part.
// Eight of them: one number alone may well come out the same by chance.
#include <ATen/ops/stack.h>
#include <ATen/ops/var.h>

#include <vector>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe var{
    .summary = "eight variances of 40,000 numbers, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 40000})};
    },
    .call = [](const Given& given) -> Tensors {
      std::vector<at::Tensor> found;
      for (const auto& x : given["x"].unbind()) found.push_back(at::var(x));
      return {{"out", at::stack(found)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
