// SPDX-License-Identifier: Apache-2.0
// A child process on this machine.
#include "harness/launch/executor.h"

namespace reprise::executors {

extern const Executor local{
    .summary = "a process on this machine",
    .start = start_here,
};

}  // namespace reprise::executors
