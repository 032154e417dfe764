// SPDX-License-Identifier: Apache-2.0
// Block by block, with a running largest number; a kernel for GPUs and one for processors.
#include <ATen/ops/_scaled_dot_product_flash_attention.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sdpa_flash{
    .summary = "attention by the flash kernel, and backward",
    .family = Family::attention,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("q", {4, 8, 128, 32}), draw.normal("k", {4, 8, 128, 32}),
              draw.normal("v", {4, 8, 128, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", given["q"].is_cpu() ? std::get<0>(at::_scaled_dot_product_flash_attention_for_cpu(
                                                given["q"], given["k"], given["v"]))
                                          : std::get<0>(at::_scaled_dot_product_flash_attention(
                                                given["q"], given["k"], given["v"]))}};
    },
    .gradients = "q k v",
    .rows = "q k v",
};

}  // namespace reprise::probes
