// SPDX-License-Identifier: Apache-2.0
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/matrix/axis.h"
#include "harness/plan/ranks.h"

namespace reprise::axes {

extern const Axis world_size{
    .summary = "how many processes of a command train together, each with a rank (torchrun)",
    .values = "1 2 4 ...",
    .promise = Promise::numeric,
    .apply =
        [](Plan& plan, std::string_view value) {
          const auto ranks = to_integer(value);
          if (!ranks) fail("wanted a number of ranks for axis world-size, found '{}'; try 1,2", value);
          set_ranks(plan, *ranks);
        },
};

}  // namespace reprise::axes
