// SPDX-License-Identifier: Apache-2.0
// Two layers, with dropout between them, which cuDNN draws by itself on a GPU.
#include <ATen/ops/gru.h>
#include <ATen/ops/zeros.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe gru_dropout{
    .summary = "a two-layer GRU with dropout, and backward",
    .family = Family::recurrent,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 24, 32}), draw.uniform("input_1", {192, 32}, -0.15F, 0.15F),
              draw.uniform("hidden_1", {192, 64}, -0.15F, 0.15F),
              draw.uniform("input_2", {192, 64}, -0.15F, 0.15F),
              draw.uniform("hidden_2", {192, 64}, -0.15F, 0.15F)};
    },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      const at::Tensor start = at::zeros({2, given["x"].size(0), 64}, given["x"].options());
      const auto found = at::gru(given["x"], start,
                                 {given["input_1"], given["hidden_1"], given["input_2"], given["hidden_2"]},
                                 false, 2, 0.3, true, false, true);
      return {{"out", std::get<0>(found)}, {"last", std::get<1>(found)}};
    },
    .gradients = "x input_1 hidden_1 input_2 hidden_2",
    .draws = true,
};

}  // namespace reprise::probes
