// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a classifier computes, once its parameters are made.
#include <ATen/core/Tensor.h>

#include <functional>

namespace reprise {

// x: [samples, ...]; the result: [samples, classes], before any softmax.
using Model = std::function<at::Tensor(const at::Tensor& x)>;

}  // namespace reprise
