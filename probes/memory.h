// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where inputs lie in memory, and what lay there before: neither may move the bits of a result.
#include <ATen/core/Tensor.h>

#include <cstdint>

#include "probes/conditions.h"

namespace reprise {

// A copy that begins `offset` elements behind where LibTorch would have put it, which is at a multiple of 64
// bytes on the CPU.
at::Tensor displaced(const at::Tensor& tensor, std::int64_t offset);

// Fills free memory of the device, all but the few bytes that lie between blocks: what is allocated next is
// taken from it. Fill::none does nothing. On the
// CPU the process keeps freed memory from then on, and all its threads allocate from one place.
void lay(Fill fill, at::Device device);

}  // namespace reprise
