// SPDX-License-Identifier: Apache-2.0
#pragma once
// The learning rate of a step, in the phases that the reports of language models tell: linear warm-up, the
// peak held, a cosine down to a floor, the floor held, and a last, lower rate. Phases are shares of the run,
// so that a short run has the shape of a long one.
#include "harness/record/training/program.h"

namespace reprise {

struct RateSchedule {
  std::int64_t steps = 1;
  double first = 0, peak = 0, floor = 0, last = 0;             // rates
  double warmup = 0, held = 0, floor_held = 0, last_held = 0;  // shares of the steps; the cosine has the rest
  // Of step i, counted from 1.
  double rate(std::int64_t i) const;
};

// From the parameters lr, first_lr, min_lr, last_lr, and warmup, held, floor_held, last_held.
RateSchedule rate_schedule(const Setup& setup);

}  // namespace reprise
