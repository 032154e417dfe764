// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Slurm cluster, asked with its own commands: an array of jobs handed in, the states of jobs, jobs
// cancelled.
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/cluster/job_state.h"
#include "harness/cluster/slurm_options.h"

namespace reprise {

struct JobArray {
  std::string name;                // that it is found by, if its number was not noted
  std::vector<std::size_t> tasks;  // their numbers
  int at_once = 0;                 // how many may run at a time; 0: no limit
  SlurmOptions options;
  std::filesystem::path script, folder, log;  // what each task runs, where, and its output; %a is the task
};

struct Submitted {
  std::string job;       // the array's number; "" if it was refused
  std::string no_nodes;  // refused, as the cluster has nothing of that kind: its sentence
};

// An Error where Slurm cannot be reached, or refuses for another reason than what it has.
Submitted submit(const JobArray& array);

// The most tasks that one array may have here.
std::size_t most_tasks();

// The number of the array of that name, if there is one that Slurm still knows.
std::optional<std::string> find_job(const std::string& name);

struct Queue {
  std::map<std::string, JobState> states;  // "12_3" -> its state; what Slurm knows no more is not in it
  std::string trouble;                     // why nothing is known: the controller does not answer
};
Queue states_of(const std::vector<std::string>& jobs);

// "" if it was done, else why not.
std::string cancel(const std::vector<std::string>& jobs);

}  // namespace reprise
