// SPDX-License-Identifier: Apache-2.0
// Signs of vectors are open.
#include <ATen/ops/linalg_svd.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe svd{
    .summary = "singular values and vectors",
    .family = Family::factorization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {96, 64})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::linalg_svd(given["x"], false);
      return {{"u", std::get<0>(found)}, {"values", std::get<1>(found)}, {"v", std::get<2>(found)}};
    },
};

}  // namespace reprise::probes
