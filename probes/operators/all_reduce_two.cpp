// SPDX-License-Identifier: Apache-2.0
// Two numbers make each sum, so that no order of theirs gives other bits.
#include "probes/probe.h"
#include "probes/ranks/all_reduce.h"

namespace reprise::probes {

extern const Probe all_reduce_two{
    .summary = "all-reduce over gloo, two ranks",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {2, 100003})};
    },
    .call = [](const Given& given) -> Tensors { return all_reduced(given["x"]); },
};

}  // namespace reprise::probes
