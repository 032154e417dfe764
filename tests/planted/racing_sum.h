// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sums of rows, as operators of LibTorch's dispatcher: planted::ordered_sum adds in order,
// planted::racing_sum has two threads add to each sum without one.
#include <ATen/core/Tensor.h>

namespace reprise {

// `terms` is F32 [sums, terms]; gives [sums].
at::Tensor called_sum(const at::Tensor& terms, bool racing);

}  // namespace reprise
