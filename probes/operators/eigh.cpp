// SPDX-License-Identifier: Apache-2.0
// Signs of vectors are open.
#include <ATen/ops/linalg_eigh.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe eigh{
    .summary = "eigenvalues and eigenvectors of a symmetric matrix",
    .family = Family::factorization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {96, 96})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto found = at::linalg_eigh(given["x"].add(given["x"].t()));
      return {{"values", std::get<0>(found)}, {"vectors", std::get<1>(found)}};
    },
};

}  // namespace reprise::probes
