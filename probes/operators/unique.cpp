// SPDX-License-Identifier: Apache-2.0
// A table of what was seen, or a sort.
#include <ATen/ops/_unique2.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe unique{
    .summary = "the different numbers, how often each is there, and which each is",
    .family = Family::ordering,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.below("x", 1000, {65536})}; },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::_unique2(given["x"], true, true, true);
      return {{"values", std::get<0>(found)}, {"which", std::get<1>(found)}, {"counts", std::get<2>(found)}};
    },
};

}  // namespace reprise::probes
