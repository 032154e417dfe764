// SPDX-License-Identifier: Apache-2.0
// Which of equal numbers is meant, is open.
#include <ATen/ops/median.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe median{
    .summary = "the median of each row, with ties, and where it is",
    .family = Family::ordering,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.levels("x", 50, {256, 1001})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::median(given["x"], 1);
      return {{"values", std::get<0>(found)}, {"places", std::get<1>(found)}};
    },
    .rows = "x",
};

}  // namespace reprise::probes
