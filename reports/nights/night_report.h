// SPDX-License-Identifier: Apache-2.0
#pragma once
// One night of one machine as a document: what each run was found to be, what moved, where its report lies.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/judge/baseline/checked_runs.h"
#include "harness/judge/history/night.h"
#include "reports/layout/report.h"

namespace reprise {

struct NightRun {
  HistoryRow row;
  std::vector<std::string> since_baseline = {};  // of a mismatch: what changed, a line each
  std::vector<std::string> nearest = {};         // of no baseline: what differs from the nearest
  std::string next = {};                         // a command that says more, or ""
  BaselinePair pair = {};                        // of a mismatch
};

struct NightFound {
  std::string machine;
  Night night;
  std::vector<NightRun> runs;
  std::vector<std::string> not_bisected = {};  // and why, a sentence each
};

// 0: all match; 1: some mismatch; 2: none mismatches, but some could not be checked, or nothing was run.
int exit_code_of(const NightFound& found);
// Links are from the night's own folder.
Report night_report(const NightFound& found);

// For a step summary of GitHub, which takes 1,024 KiB at most: whole lines of the text, and what was left
// out.
std::string cut_summary(const std::string& markdown, std::size_t most_bytes);

}  // namespace reprise
