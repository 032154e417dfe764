// SPDX-License-Identifier: Apache-2.0
#pragma once
// The GPUs of this machine as runs will see them, known before any process is started.
#include <string>

#include "harness/machine/gpu.h"
#include "harness/plan/plan.h"

namespace reprise {

// Numbered by PCI bus, as the pin cuda-device-order has them unless told.
const GpuList& gpus_for_runs();

bool wants_gpu(const Plan& plan);

// Why the plan's device cannot be used here ("device=cuda:0 cannot be used: no NVIDIA driver is on this
// machine ..."), or why a native plan for the CPU asks for what only a GPU has, or which pin must be set
// besides, or "".
std::string no_device(const Plan& plan);

}  // namespace reprise
