// SPDX-License-Identifier: Apache-2.0
// Each token sees those before it.
#include <ATen/ops/scaled_dot_product_attention.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sdpa_causal{
    .summary = "causal attention, by the kernel that LibTorch chooses, and backward",
    .family = Family::attention,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("q", {4, 8, 128, 32}), draw.normal("k", {4, 8, 128, 32}),
              draw.normal("v", {4, 8, 128, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::scaled_dot_product_attention(given["q"], given["k"], given["v"], {}, 0.0, true)}};
    },
    .gradients = "q k v",
    .rows = "q k v",
};

}  // namespace reprise::probes
