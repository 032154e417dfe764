// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may cure an axis: the remedies of the table of causes and a few pins more, without what the runs have
// already, what nothing would read here, and what the axis itself varies.
#include <vector>

#include "harness/judge/cure/cure.h"

namespace reprise {

// Pins in which the plans differ, sorted.
std::vector<std::string> varied_pins(const std::vector<Plan>& sides);

// In the order in which they are worth trying: remedies of causes that fit the axis first. Each changes some
// side's plan, and is read by something on this machine as far as is known.
std::vector<PinSetting> cure_candidates(const std::vector<Plan>& sides);

// The last resort: what the axis varies, held at what each side has of it. Not those that this machine cannot
// run.
std::vector<PinSet> own_axis_sets(const std::vector<Plan>& sides);

}  // namespace reprise
