// SPDX-License-Identifier: Apache-2.0
// A mean over logarithms.
// Eight of them: one number alone may well come out the same by chance.
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/stack.h>

#include <vector>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe binary_cross_entropy{
    .summary = "eight binary cross-entropies of 40,000 logits, and backward",
    .family = Family::loss,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 40000}), draw.uniform("y", {8, 40000}, 0, 1)};
    },
    .call = [](const Given& given) -> Tensors {
      std::vector<at::Tensor> found;
      const auto x = given["x"].unbind(), y = given["y"].unbind();
      for (std::size_t i = 0; i < x.size(); ++i)
        found.push_back(at::binary_cross_entropy_with_logits(x[i], y[i]));
      return {{"out", at::stack(found)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
