// SPDX-License-Identifier: Apache-2.0
// Not asked to be stable: the order of equal numbers is open.
#include <ATen/ops/sort.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sort{
    .summary = "each row in order, with ties, and where numbers were",
    .family = Family::ordering,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.levels("x", 50, {256, 1000})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::sort(given["x"], 1);
      return {{"values", std::get<0>(found)}, {"places", std::get<1>(found)}};
    },
    .rows = "x",
};

}  // namespace reprise::probes
