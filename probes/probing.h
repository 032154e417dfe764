// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one program behind every probe: step i is repeat i of the call, on the same inputs, and its state are
// the results. So the digest of the state must be the same at every step, and plan, pins, trace and diff are
// those of any run. A plan asks for it as `probe/NAME`; its parameters are those of probes/conditions.h. The
// loss is V_ermv, the distance of a step's results from the first ones: 0 while it repeats. The metrics are
// the largest `v_ermv` and `v_c` so far.
#include "harness/record/training/program.h"
#include "probes/probe.h"

namespace reprise {

extern const Program probing;

// The same for a probe that lies on no shelf.
std::unique_ptr<Training> begin_probe(const Setup& setup, const Probe& probe, const std::string& name);

}  // namespace reprise
