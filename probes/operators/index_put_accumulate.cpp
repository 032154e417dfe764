// SPDX-License-Identifier: Apache-2.0
// From 32,768 numbers on several threads add to one place as they come, unless in deterministic mode.
#include <ATen/ops/index_put.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe index_put_accumulate{
    .summary = "numbers added to chosen places, many to the same one",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4096}), draw.below("index", 4096, {65536}), draw.normal("source", {65536})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::index_put(given["x"], {given["index"]}, given["source"], true)}};
    },
};

}  // namespace reprise::probes
