// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much noise there is at each time of a diffusion, as latent diffusion has it (CompVis/stable-diffusion,
// ldm/modules/diffusionmodules/util.py): betas are the squares of a straight line between the roots of the
// first and the last one, alpha_bar the product of 1 - beta so far, z_t = sqrt(alpha_bar_t) z +
// sqrt(1 - alpha_bar_t) noise. Tables are made once in double on the CPU and rounded once; they belong into
// the trace's data.
#include <vector>

#include "recipes/models/parameters.h"

namespace reprise {

// alpha_bar of times 0 to steps - 1. An Error unless 0 < first <= last < 1.
std::vector<double> alpha_bars(std::int64_t steps, double first, double last);

class NoiseSchedule {
 public:
  NoiseSchedule(const Setup& setup, std::int64_t steps, double first, double last);
  std::int64_t steps() const { return signal_.size(0); }
  // z and noise: [batch, ...]; t: I64 of [batch] on their device.
  at::Tensor noised(const at::Tensor& z, const at::Tensor& noise, const at::Tensor& t) const;
  Tensors tables() const { return {{"schedule.signal", signal_}, {"schedule.noise", noise_}}; }

 private:
  at::Tensor signal_, noise_;  // [steps]: sqrt(alpha_bar), sqrt(1 - alpha_bar)
};

// Sines and cosines of times, [count, width]: cos(t f_j) for each j, then sin(t f_j), f_j = 10000^(-j /
// (width / 2)). `width` is even. In the run's number format, on its device.
at::Tensor time_table(const Setup& setup, const std::vector<double>& times, std::int64_t width);

}  // namespace reprise
