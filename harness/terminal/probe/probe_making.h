// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what `reprise probe` was told to verdicts: which operators of the worker and which functions of
// somebody's Python files, their runs, and a second look at what differs.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/probe/judged_probe.h"
#include "harness/terminal/launching.h"

namespace reprise {

struct ProbeChoices {
  LaunchChoices launch;
  std::vector<std::string> names;  // operators, and files that end in .py; none: all operators
  std::string python = "python3";  // for files
  ProbeOrder order;
  std::vector<Cause> causes;
  bool costs = false;     // what deterministic mode costs: six runs more for each operator
  bool distances = true;  // two short runs more for each cell whose results differ between two plans
};

struct ProbeSubject {
  std::string name;
  Plan baseline;
  bool rows = true;  // that a row alone is a call of
};

// An Error for an operator that the worker does not have, with the nearest name, and for a file that is not
// there.
std::vector<ProbeSubject> chosen_subjects(const ProbeChoices& choices, const LaunchOptions& how);

// What becomes of a run that need not be made, since its baseline, or what its worker told, says it already;
// nothing where it must be made.
std::optional<Outcome> told_without(const ProbeSubject& subject, const ProbeRun& run,
                                    const SeenCalls& baseline);

// One for each, same order. First the baselines, then all runs that these do not spare, together, so that the
// cores are busy.
std::vector<ProbeVerdict> judged_probes(const std::vector<ProbeSubject>& subjects,
                                        const ProbeChoices& choices, const LaunchOptions& how);

}  // namespace reprise
