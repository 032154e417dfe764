// SPDX-License-Identifier: Apache-2.0
// Split into one part for each thread, and summed in as many lanes as vectors have.
// Eight of them: one number alone may well come out the same by chance.
#include <ATen/ops/stack.h>
#include <ATen/ops/sum.h>

#include <vector>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sum{
    .summary = "eight sums of 40,000 numbers",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 40000})};
    },
    .call = [](const Given& given) -> Tensors {
      std::vector<at::Tensor> found;
      for (const auto& x : given["x"].unbind()) found.push_back(at::sum(x));
      return {{"out", at::stack(found)}};
    },
};

}  // namespace reprise::probes
