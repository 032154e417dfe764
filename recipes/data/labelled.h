// SPDX-License-Identifier: Apache-2.0
#pragma once
// Inputs with one label each: what a classifier trains on.
#include <ATen/core/Tensor.h>

namespace reprise {

struct Labelled {
  at::Tensor x;  // [samples, ...], in the run's number format
  at::Tensor y;  // [samples], I64, from 0 to one less than the number of classes
};

}  // namespace reprise
