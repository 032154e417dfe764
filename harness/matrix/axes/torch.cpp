// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis torch{
    .summary = "the version of LibTorch; `reprise torch add VERSION` makes one ready",
    .values = "2.6.0 2.11.0 ...",
    .promise = Promise::numeric,
    .apply =
        [](Plan& plan, std::string_view value) {
          check_release(value);
          plan.placement.torch = value;
        },
};

}  // namespace reprise::axes
