// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a script left a factor's values alone. Two runs under two values of a pin show something about that
// pin only if the values were in effect: a script that calls torch.set_num_threads(1) itself trains with one
// thread under threads=1 and threads=2 alike.
#include <string>

#include "harness/trace/trace.h"

namespace reprise {

// Why two runs show nothing about the pins in which their plans differ, or "": at some reading (before the
// first step, or later) all of these pins that were read had one value in both runs, though the plans say
// two. Of native recipes it is always "": a run whose pins do not hold fails.
std::string overridden_reason(const Trace& a, const Trace& b);

}  // namespace reprise
