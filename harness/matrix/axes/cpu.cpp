// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis cpu{
    .summary =
        "the processor: this one, or one that QEMU emulates; another takes other paths through the libraries",
    .values = "host qemu:Haswell qemu:neoverse-n1 qemu:MODEL",
    .promise = Promise::numeric,
    .apply =
        [](Plan& plan, std::string_view value) {
          emulated_cpu(value);
          plan.placement.cpu = value;
        },
};

}  // namespace reprise::axes
