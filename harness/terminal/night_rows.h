// SPDX-License-Identifier: Apache-2.0
#pragma once
// The runs of one matrix of a night, held against baselines and made rows of the history.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/judge/baseline/baseline.h"
#include "harness/judge/history/night.h"
#include "harness/terminal/matrix_making.h"
#include "reports/nights/night_report.h"

namespace reprise {

struct NightContext {
  std::filesystem::path folder;  // of the history
  std::string machine;
  Night night;
  const History& history;             // as it was when this call began
  const std::vector<Baseline>& kept;  // the baselines
};

// RUNS/MACHINE/night-0007: what the folder is called in which the runs of a night lie.
std::string night_runs_name(std::int64_t night);

// One for each configuration. A run that ended badly or was not made is untested, with the reason. Software
// that changed since the run's night before is told by the facts that are kept in HISTORY/facts, and what a
// script read otherwise where that night's run still lies here.
std::vector<NightRun> night_runs(const NightContext& context, const MatrixEntry& entry,
                                 const MatrixMade& made);

// Names the operator of mismatches whose baseline's run still lies here: by what the two runs hold, or by
// reruns where no software changed in between. What was not bisected is told in `not_bisected`.
void bisect_mismatches(std::vector<NightRun>& runs, const MatrixMade& made, Bisecting how,
                       const TimeBudget& budget, const LaunchOptions& options,
                       std::vector<std::string>& not_bisected);

// Those that the history does not hold like that already.
std::vector<HistoryRow> new_rows(const History& history, const std::vector<NightRun>& runs);

}  // namespace reprise
