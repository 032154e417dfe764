// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plans become runs: each a fresh worker process with an environment built from an allow-list, in a folder
// named by the plan's digest. A run that exists is not run again. Runs go side by side only as far as the
// cores they pin allow.
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/cluster/site.h"
#include "harness/launch/progress.h"
#include "harness/matrix/matrix.h"
#include "harness/plan/plan.h"

namespace reprise {

// What is asked of a scheduler. It belongs to the launch and not to the plans, as the bits do not depend on
// it.
struct ClusterOptions {
  Site site;          // kinds of machines, by the names that plans have for them
  std::string slurm;  // options of sbatch for all kinds, which win over the site's
  int at_once = 0;    // most runs of one array at a time; zero = no limit
  // An archive of `reprise bundle` that each job unpacks on its node's own disk and makes its run with;
  // empty: the submitter's program, which nodes see at the same path.
  std::filesystem::path bundle = {};
};

struct LaunchOptions {
  std::filesystem::path runs = "runs";  // where run folders are made
  std::filesystem::path worker;         // empty: reprise-worker beside this program
  std::filesystem::path torch;          // the worker's, if not the one it finds (worker_torch.h)
  std::chrono::seconds time_limit{0};   // per run; zero = none
  int cores = 0;                        // how many to use; zero = all this process may use
  bool again = false;                   // run even if the run exists
  bool copy_any = false;                // of a folder of any size, where --fresh has to copy it
  std::string executor;                 // for all runs, whatever their plans say; empty: as they say
  bool right_kind = false;              // this machine is of the kind that a plan names
  std::filesystem::path made_in;        // where run folders are made, if not in `runs`
  ClusterOptions cluster;               // of executors that hand runs to a scheduler
  // Told when a run starts, reaches a checkpoint, ends or is reused, and meanwhile that time passes; called
  // from the caller's thread.
  TellProgress progress;
  // Asked between two looks at the children, about every 10 ms: true ends all children and returns what is
  // finished (SIGINT).
  std::function<bool()> interrupted;
};

struct Run {
  std::string name;  // the configuration's, for messages
  Plan plan;
  int repeat = 1;
  // The checkpoint that the run begins from, if watch.from says so: copied to the run, as start.safetensors.
  std::filesystem::path start_file = {};
};

struct RunResult {
  std::filesystem::path folder;
  Outcome outcome;
  bool reused = false;  // it existed
  // Why a run that existed was not reused: "data.txt changed since this run was made"; "" if there was none.
  std::string anew = {};
};

// One result per run, same order. A run that crashes, is killed or takes too long is an outcome, not an
// Error; a missing worker or a folder that cannot be written is an Error.
std::vector<RunResult> launch(const std::vector<Run>& runs, const LaunchOptions& options);

// The outcome of a finished run that is there and still stands: all that it was given and read is as it was.
std::optional<Outcome> standing_run(const Run& run, const LaunchOptions& options);

// Whether the run's executor makes it elsewhere, so that what this machine can and has does not matter.
bool is_made_elsewhere(const Plan& plan, const LaunchOptions& options);

// The worker that `options` mean, as an absolute path. An Error if there is none.
std::filesystem::path worker_of(const LaunchOptions& options);

}  // namespace reprise
