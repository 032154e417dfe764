// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs on their way into Slurm's queue: those that a launch before handed in are found again, the others
// become one array for each kind of machine.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/launch/launch.h"

namespace reprise {

// One run and the task of an array that makes it.
struct SlurmTask {
  Run run;
  std::filesystem::path folder;  // where the finished run has to lie
  std::string batch, job;        // job "": Slurm did not take it
  std::size_t leg = 0;
  std::string refused = {};  // why not: the cluster has nothing of that kind

  std::string id() const;  // "12_3"
  std::filesystem::path batch_place(const std::filesystem::path& runs) const;
};

// One task per run, same order. `tell` hears of each run that is found, and of arrays. Two launches on one
// folder of runs submit one after the other. An Error if Slurm cannot be reached or refuses for other reasons
// than what it has.
std::vector<SlurmTask> submit_runs(const std::vector<Run>& runs, const LaunchOptions& options,
                                   const std::function<void(const std::string&)>& tell);

}  // namespace reprise
