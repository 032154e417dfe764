// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs that a person named, each held against its baseline, with what the two runs themselves say where both
// still lie there, and the baselines that nobody made a run for.
#include <string>
#include <vector>

#include "harness/judge/baseline/checking.h"
#include "harness/judge/baseline/given_runs.h"

namespace reprise {

// For people: "waves threads=2", the pins that are not at their defaults.
std::string called(const Baseline& baseline);

// The version of reprise that it was made by; "" where that is not known.
std::string reprise_of(const Baseline& baseline);

// What there is to name the operator of a mismatch with.
struct BaselinePair {
  // Folders of the run that the baseline is of, where it still lies here and is what the baseline says, and
  // of this run; else both "".
  std::string before = {}, now = {};
  bool hold_operators = false;  // both have the operator calls of the step at which they part
  std::string why_not = {};     // why neither what they hold nor a rerun can name it, or ""
};

struct CheckedRun {
  std::string name, folder;  // no folder: nobody made the run
  BaselineCheck check;
  std::string next;  // a command that says more, or ""
  BaselinePair pair = {};
};

// Against the baseline of its plan and hardware.
CheckedRun checked_run(const GivenRun& run, const std::vector<Baseline>& kept);
// Against this one, whatever its plan.
CheckedRun checked_against(const GivenRun& run, const Baseline& baseline);

// Baselines of the hardware of these runs that none of them is of: untested.
std::vector<CheckedRun> unchecked(const std::vector<GivenRun>& runs, const std::vector<Baseline>& kept);

std::size_t count_of(const std::vector<CheckedRun>& all, Held held);

}  // namespace reprise
