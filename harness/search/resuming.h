// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does a script go on from its own checkpoint as if it had never stopped? Three runs tell: the whole one, one
// that is stopped, and one that goes on from what the second left. The second must be as the first up to
// where it stopped; else the third shows nothing.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/aligned.h"
#include "harness/launch/launch.h"

namespace reprise {

// As it was typed. Arguments are words for the end of the command; "arg:NAME=VALUE" replaces what stands in
// it under that name (plan/arguments.h).
struct ResumeOrder {
  std::string resume;           // with {checkpoint} where the script is told of it: "--resume {checkpoint}"
  std::string checkpoint;       // what the stopped run leaves: "last.pt", "{out}", a file or a folder
  std::string stop_arguments;   // that make the script stop by itself, or
  std::int64_t stop_after = 0;  // the step after which SIGTERM comes
};

// An Error for what does not make sense together, before anything runs.
void check_resume(const ResumeOrder& order, const Plan& plan);

struct ResumeRuns {
  RunResult whole;
  std::optional<RunResult> stopped, resumed;  // as far as it came
  std::int64_t steps = 0, stopped_after = 0;  // of the whole run; of the stopped one
  std::filesystem::path checkpoint;           // the copy that the resumed run was given
  std::string untested;                       // why nothing can be said; "" where `aligned` tells
  std::optional<Aligned> aligned;
  bool same() const { return aligned && aligned->same(); }
};

// Makes the three runs, or finds them again. The stopped run's checkpoint is kept below options.runs and
// given as a copy, so that no later run changes what was resumed from. What cannot be tested is no Error.
ResumeRuns run_resume(const Plan& plan, const ResumeOrder& order, const LaunchOptions& options);

// "resume: identical", "resume: not identical (from step 6 on); not restored: optimizer state", or "resume:
// untested (...)".
std::string sentence_of(const ResumeRuns& runs);

}  // namespace reprise
