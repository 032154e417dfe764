// SPDX-License-Identifier: Apache-2.0
#include "harness/base/text.h"
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis repeat{
    .summary = "the same plan again in a fresh process: nothing is changed, so nothing may move",
    .values = "a count: 2 runs everything twice",
    .promise = Promise::bitwise,
    // expand() makes the repeats: a plan does not know which of its runs it is.
    .apply =
        [](Plan&, std::string_view value) {
          const auto count = to_integer(value);
          if (!count || *count < 1 || *count > 1000)
            fail("wanted a count from 1 to 1000 for axis repeat, found '{}'; try repeat=2", value);
        },
};

}  // namespace reprise::axes
