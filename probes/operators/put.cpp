// SPDX-License-Identifier: Apache-2.0
// Deterministic mode refuses this one: places may be named twice.
#include <ATen/ops/put.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe put{
    .summary = "numbers written to chosen places of a flat tensor",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4096}), draw.below("index", 4096, {65536}), draw.normal("source", {65536})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::put(given["x"], given["index"], given["source"], false)}};
    },
};

}  // namespace reprise::probes
