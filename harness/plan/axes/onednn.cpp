// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis onednn{
    .summary = "widest instructions of oneDNN's convolutions; off takes ATen's own",
    .values = "default off sse41 avx2 avx512",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "onednn", value); },
};

}  // namespace reprise::axes
