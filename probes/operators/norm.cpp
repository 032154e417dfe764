// SPDX-License-Identifier: Apache-2.0
// The square root of a sum of squares.
// Eight of them: one number alone may well come out the same by chance.
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>

#include <vector>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe norm{
    .summary = "eight 2-norms of 40,000 numbers, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 40000})};
    },
    .call = [](const Given& given) -> Tensors {
      std::vector<at::Tensor> found;
      for (const auto& x : given["x"].unbind()) found.push_back(at::linalg_vector_norm(x));
      return {{"out", at::stack(found)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
