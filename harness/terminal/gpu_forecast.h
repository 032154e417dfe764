// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the GPUs of this machine let expect of plans that differ in the device alone, said before they run.
#include <string>
#include <vector>

#include "harness/machine/gpu.h"
#include "harness/plan/plan.h"

namespace reprise {

// One sentence for every two devices among the plans; none where the plans stay on one, or a device is not
// here.
std::vector<std::string> gpu_forecasts(const std::vector<Plan>& plans, const GpuList& gpus);

}  // namespace reprise
