// SPDX-License-Identifier: Apache-2.0
// Signs of vectors are open.
#include <ATen/ops/linalg_qr.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe qr{
    .summary = "the QR factors of a matrix, and backward",
    .family = Family::factorization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {192, 128})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::linalg_qr(given["x"]);
      return {{"q", std::get<0>(found)}, {"r", std::get<1>(found)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
