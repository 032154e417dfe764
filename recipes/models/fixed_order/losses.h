// SPDX-License-Identifier: Apache-2.0
#pragma once
// Softmax and cross-entropy whose bits are defined. exp and log are those of the C library in float64,
// rounded once to float32: as good as correctly rounded, whatever a float32 library would do. float32 on the
// CPU.
#include <ATen/core/Tensor.h>

namespace reprise::fixed_order {

at::Tensor exp_by_double(const at::Tensor& values);
at::Tensor log_by_double(const at::Tensor& values);

// logits: [batch, classes]. exp(x - largest) / the sum of the row, left to right.
at::Tensor softmax(const at::Tensor& logits);

// labels: I64 of [batch]. The mean over the batch of log(sum of exp(x - largest)) - (x - largest)[label].
at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels);

// Of the mean, towards the logits: (softmax - one-hot) * (1/batch, rounded to float32).
at::Tensor cross_entropy_gradient(const at::Tensor& logits, const at::Tensor& labels);

}  // namespace reprise::fixed_order
