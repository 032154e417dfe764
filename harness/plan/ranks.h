// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many processes train together on this machine, each with a rank: of a native recipe the plan says so
// (placement.ranks), and each has its share of every batch; of a command torchrun starts them, and makes the
// place where they meet.
#include <cstdint>

#include "harness/plan/plan.h"

namespace reprise {

// Of a native recipe: the placement. Of a command:
// `python [-u] train.py ...` and `python -m module ...` become `torchrun --standalone --nproc-per-node N
// ...`, with the torchrun that lies beside that Python; of a command that starts ranks itself (torchrun,
// accelerate launch, deepspeed) the number that stands there is replaced. An Error for any other command
// and for less than 1.
void set_ranks(Plan& plan, std::int64_t ranks);

}  // namespace reprise
