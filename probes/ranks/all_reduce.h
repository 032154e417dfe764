// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sums over ranks by gloo, as data-parallel training on CPUs makes them. The ranks are threads of this
// process and talk over sockets of the loopback interface, in a group of their own.
#include <ATen/core/Tensor.h>

#include "harness/record/state.h"

namespace reprise {

// Row i of `parts` is what rank i brings. "rank 0", "rank 1", ...: what each has of their sum. An Error where
// the group does not meet within 30 s.
Tensors all_reduced(const at::Tensor& parts);

}  // namespace reprise
