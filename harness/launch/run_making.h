// SPDX-License-Identifier: Apache-2.0
#pragma once
// How one run is made: what its process is started with, what it was given, and what its end means. When runs
// are started is the launcher's (launch.h).
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "harness/base/process.h"
#include "harness/launch/launch.h"
#include "harness/machine/facts.h"
#include "harness/watch/command_evidence.h"

namespace reprise {

// Says something about a run to whoever waits for it.
using Tell = std::function<void(const std::string& words)>;

// Keeps what is the same for all runs of one launch: the worker, its torch, and how folders are given.
class RunMaking {
 public:
  // `options` outlive it.
  explicit RunMaking(const LaunchOptions& options) : options_(options) {}

  // Before anything runs: where no view of the command's folder can be had, nothing has been spent.
  void find_way(const Plan& plan, const Tell& tell);
  // Why the torch at hand is not the one that the plan wants, or "".
  std::string other_torch(const Plan& plan);
  // Why the processor that the plan wants cannot be emulated here, or "". An Error for one that nobody knows.
  std::string no_processor(const Plan& plan);
  // What a run of the plan would be given now.
  GivenNow now_of(const Plan& plan, const Tell& tell);
  // Writes what goes into the run's folder (absolute) beside the plan. An Error where the run cannot be
  // started.
  ProcessStart start_of(const Plan& plan, const std::filesystem::path& folder, const Tell& tell);
  // What the end of the process means.
  Outcome outcome_of_run(const Plan& plan, const std::filesystem::path& folder, const ProcessEnd& end);
  // The worker of a plan's native run. An Error if there is none.
  const std::filesystem::path& worker(const Plan& plan);

 private:
  struct Worker {
    std::filesystem::path program;
    std::map<std::string, std::string> torch;  // variables that lead it to its torch
  };
  const Worker& worker_at(const Plan& plan);
  std::map<std::string, std::string> worker_variables(const Plan& plan);
  Facts worker_given(const Plan& plan);

  const LaunchOptions& options_;
  std::map<std::pair<std::string, Fresh>, FreshWay> ways_;  // by folder and kind of view
  std::map<std::string, Worker> workers_;                   // by the torch that is wanted
  std::map<std::string, Facts> worker_given_;  // by whether a GPU is wanted, the processor and the torch
};

}  // namespace reprise
