// SPDX-License-Identifier: Apache-2.0
// On GPUs alone.
#include <ATen/ops/_scaled_dot_product_cudnn_attention.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sdpa_cudnn{
    .summary = "attention by cuDNN, and backward",
    .family = Family::attention,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("q", {4, 8, 128, 32}), draw.normal("k", {4, 8, 128, 32}),
              draw.normal("v", {4, 8, 128, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", std::get<0>(at::_scaled_dot_product_cudnn_attention(given["q"], given["k"], given["v"],
                                                                          {}, true))}};
    },
    .gradients = "q k v",
    .rows = "q k v",
};

}  // namespace reprise::probes
