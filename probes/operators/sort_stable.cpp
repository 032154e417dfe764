// SPDX-License-Identifier: Apache-2.0
// Equal numbers stay in order.
#include <ATen/ops/sort.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sort_stable{
    .summary = "each row in stable order, with ties, and where numbers were",
    .family = Family::ordering,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.levels("x", 50, {256, 1000})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::sort(given["x"], true, 1, false);
      return {{"values", std::get<0>(found)}, {"places", std::get<1>(found)}};
    },
    .rows = "x",
};

}  // namespace reprise::probes
