// SPDX-License-Identifier: Apache-2.0
// Of a length that is no power of two.
#include <ATen/ops/fft_rfft.h>
#include <ATen/ops/view_as_real.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe fft{
    .summary = "Fourier transforms of rows, and backward",
    .family = Family::factorization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {128, 1000})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::view_as_real(at::fft_rfft(given["x"]))}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
