// SPDX-License-Identifier: Apache-2.0
// A sum over all alignments.
#include <ATen/ops/ctc_loss.h>
#include <ATen/ops/full.h>
#include <ATen/ops/log_softmax.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe ctc_loss{
    .summary = "connectionist temporal classification loss, and backward",
    .family = Family::loss,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {50, 16, 20}), draw.below("target", 19, {16, 20})};
    },
    .call = [](const Given& given) -> Tensors {
      const at::Tensor log_odds = at::log_softmax(given["x"], 2);
      const at::Tensor lengths = at::full({16}, 1, at::TensorOptions(at::kLong));
      return {{"out", at::ctc_loss(log_odds, given["target"].add(1), lengths.mul(50), lengths.mul(20))}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
