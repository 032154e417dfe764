// SPDX-License-Identifier: Apache-2.0
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis resume{
    .summary =
        "ends the training after a step, restarts it from its checkpoint and continues: nothing may be lost",
    .values = "never 1 50 ...",
    .promise = Promise::bitwise,
    .apply =
        [](Plan& plan, std::string_view value) {
          const auto step = value == "never" ? std::optional<std::int64_t>(0) : to_integer(value);
          if (!step || (*step < 1 && value != "never") || *step >= plan.steps)
            fail("wanted never, or a step from 1 to {}, for axis resume, found '{}'; try resume=never,{}",
                 plan.steps - 1, value, std::max<std::int64_t>(1, plan.steps / 2));
          plan.resume_at = *step;
        },
};

}  // namespace reprise::axes
