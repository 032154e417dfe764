// SPDX-License-Identifier: Apache-2.0
// Three numbers make each sum, in an order that gloo chooses.
#include "probes/probe.h"
#include "probes/ranks/all_reduce.h"

namespace reprise::probes {

extern const Probe all_reduce_three{
    .summary = "all-reduce over gloo, three ranks",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {3, 100003})};
    },
    .call = [](const Given& given) -> Tensors { return all_reduced(given["x"]); },
};

}  // namespace reprise::probes
