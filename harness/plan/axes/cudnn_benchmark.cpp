// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis cudnn_benchmark{
    .summary = "whether cuDNN's algorithm is chosen by timing, which varies from run to run",
    .values = "off on",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "cudnn-benchmark", value); },
};

}  // namespace reprise::axes
