// SPDX-License-Identifier: Apache-2.0
// On GPUs alone; its backward pass adds as blocks come unless in deterministic mode.
#include <ATen/ops/_scaled_dot_product_efficient_attention.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sdpa_efficient{
    .summary = "attention by the memory-efficient kernel, and backward",
    .family = Family::attention,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("q", {4, 8, 128, 32}), draw.normal("k", {4, 8, 128, 32}),
              draw.normal("v", {4, 8, 128, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", std::get<0>(at::_scaled_dot_product_efficient_attention(given["q"], given["k"],
                                                                              given["v"], {}, true))}};
    },
    .gradients = "q k v",
    .rows = "q k v",
};

}  // namespace reprise::probes
