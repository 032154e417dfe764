// SPDX-License-Identifier: Apache-2.0
// Jobs of a Slurm cluster whose machines see the folder of runs.
#include "harness/launch/slurm_runs.h"

namespace reprise::executors {

extern const Executor slurm{
    .summary = "jobs of a Slurm cluster, one array for each kind of machine; --slurm says which",
    .hand_over = hand_to_slurm,
};

}  // namespace reprise::executors
