// SPDX-License-Identifier: Apache-2.0
// Each column has its own permutation of places, so that none is named twice.
#include <ATen/ops/argsort.h>
#include <ATen/ops/scatter.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe scatter{
    .summary = "numbers written to chosen places along a dimension, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {640, 128}), draw.below("index", 512, {512, 128}),
              draw.normal("source", {512, 128})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::scatter(given["x"], 0, at::argsort(given["index"], true, 0), given["source"])}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
