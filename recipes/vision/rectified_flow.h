// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rectified flow as JanusFlow trains and follows it (arXiv 2411.07975; deepseek-ai/Janus,
// demo/app_janusflow.py): z_t = t x + (1 - t) z_0, the velocity to tell is x - z_0, times are logistic
// functions of normal numbers, and images are drawn by Euler's method from t = 0 to 1.
#include <functional>
#include <vector>

#include "harness/record/training/program.h"

namespace reprise {

// 1 / (1 + exp(-n)) of each, in double on the CPU: the exponential of the C library, once.
std::vector<double> logistic_of(const at::Tensor& normal);

// One factor for each of the batch, shaped for [batch, channels, height, width], in the number format and on
// the device of `like`.
at::Tensor by_sample(const std::vector<double>& times, const at::Tensor& like);

// x and noise: [batch, ...]; t: by_sample.
at::Tensor between(const at::Tensor& x, const at::Tensor& noise, const at::Tensor& t);

// Follows z' = velocity(z, t) from `noise` in `steps` equal steps, t = 0, 1/steps, ...
at::Tensor followed(const at::Tensor& noise, std::int64_t steps,
                    const std::function<at::Tensor(const at::Tensor& z, double t)>& velocity);

// Minus the mean cosine of the angles between the vectors of two tensors, [..., size] each: the alignment of
// representations. One element.
at::Tensor misalignment(const at::Tensor& a, const at::Tensor& b);

}  // namespace reprise
