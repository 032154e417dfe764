// SPDX-License-Identifier: Apache-2.0
#pragma once
// One matrix from what was typed, or from an entry of a matrix file, to its runs and what they tell: what
// `matrix` and `nightly` have in common.
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/claim/typed_claim.h"
#include "harness/judge/explain/bisection.h"
#include "harness/matrix/expand.h"
#include "harness/matrix/matrix_file.h"
#include "harness/terminal/class_bisecting.h"
#include "harness/terminal/launching.h"
#include "reports/layout/report.h"

namespace reprise {

// Time that runs may take together; runs that it cuts off are untested. Without an end it is never over.
struct TimeBudget {
  std::chrono::seconds given{0};
  std::optional<std::chrono::steady_clock::time_point> end;
  bool over() const { return end && std::chrono::steady_clock::now() >= *end; }
  std::string words() const;  // "the budget of 10 min was used up"
};
// From now on; zero: without an end.
TimeBudget budget_of(std::chrono::seconds given);
// Whichever ends first.
TimeBudget sooner(const TimeBudget& a, const TimeBudget& b);

struct MatrixOrder {
  LaunchChoices launch;
  TypedClaim typed;  // the metric of a command
  std::vector<std::string> axes;
  Design design = Design::one;
  Bisecting bisect = Bisecting::off;
  bool no_own_seeds = false;
  std::vector<std::string> command = {};  // the words that do it again, where the options alone do not
};
// `common`: what was typed beside the file: --runs, --worker, --jobs and the like.
MatrixOrder order_of(const MatrixEntry& entry, const LaunchChoices& common);

// Every plan of it, checked. Also fills in the metric that the recipe of a command claims.
Planned planned(MatrixOrder& order);

struct MatrixMade {
  Matrix matrix;
  ClassBisections bisections;
  bool interrupted = false;  // by a person: then nothing was bisected
};
// Runs what has not been run and bisects. `folder`: where matrix.toml is written; empty: RUNS/matrix-ID,
// which is then filled in.
MatrixMade make_matrix(MatrixOrder order, const TimeBudget& budget, std::filesystem::path& folder);
Report report_of(const MatrixMade& made);

// A path as typed; or the bare name of a matrix file that came with the program, "nightly".
std::filesystem::path find_matrix_file(const std::string& typed);
// The formats and executors that there are.
MatrixFileWords matrix_file_words();

}  // namespace reprise
