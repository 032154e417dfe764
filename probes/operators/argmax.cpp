// SPDX-License-Identifier: Apache-2.0
// Which of equal numbers is meant, is open.
#include <ATen/ops/argmax.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe argmax{
    .summary = "where the largest of 262,144 numbers is, with ties",
    .family = Family::ordering,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.levels("x", 50, {262144})}; },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::argmax(given["x"])}};
    },
};

}  // namespace reprise::probes
