// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs that were made in different places, by different commands, brought together: what differs between them
// becomes the factors of a matrix, so that they are judged and reported as one.
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/matrix/matrix.h"
#include "harness/plan/plan.h"
#include "harness/trace/trace.h"

namespace reprise {

struct GatheredRun {
  Plan plan;
  Facts facts;
};

struct Gathering {
  // "machine" if there are several, what commands are told apart by ("arg:--lr", plan/arguments.h), modules
  // that were edited in between ("module.helper"), each pin in which the plans differ, "resume" and "repeat"
  // likewise. The first value is the first run's.
  std::vector<Factor> factors;
  // One per run: a value of every factor, and a name made of them, "waves threads=2 on AMD EPYC 7B13,
  // LibTorch 2.11.0". Names differ.
  std::vector<std::map<std::string, std::string>> values;
  std::vector<std::string> names;
};

// `promise_of_pin`: what a pin of that name promises when it is varied. A machine promises what a setting
// does: it may move the bits, within the metric's margin.
Gathering gather(const std::vector<GatheredRun>& runs,
                 const std::function<Promise(std::string_view pin)>& promise_of_pin);

// Whether a run of this plan trains as a person asked: none cut short, no injected fault. Operators of some
// steps may have been looked at beside: that changes nothing of the training.
bool trains_whole(const Plan& plan);
// Which of the runs of one folder, by their plans, a person would compare: all that train whole, but for a
// closer look at operators where the same training stands there without one, as bisections make it.
std::vector<bool> asked_for(const std::vector<Plan>& plans);

}  // namespace reprise
