// SPDX-License-Identifier: Apache-2.0
// Which of equal numbers come first, is open.
#include <ATen/ops/topk.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe topk{
    .summary = "the 100 largest of each row, with ties, and where they are",
    .family = Family::ordering,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.levels("x", 50, {256, 1000})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::topk(given["x"], 100, 1);
      return {{"values", std::get<0>(found)}, {"places", std::get<1>(found)}};
    },
    .rows = "x",
};

}  // namespace reprise::probes
