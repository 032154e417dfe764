// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Slurm says of jobs, read from the texts of squeue and sacct: their JSON changes between versions, and
// that of sacct 22.05 hides exit codes.
#include <map>
#include <string>
#include <string_view>

namespace reprise {

struct JobState {
  std::string word;    // the first word of its state: "PENDING", "COMPLETED", "NODE_FAIL"
  std::string reason;  // why it waits: "Resources"; "" else
  std::string node;    // "h100-1"; "" before it runs
  std::string exit;    // "3:0", exit code and signal; "" where it is not told
};

enum class JobPhase {
  waiting,
  running,    // or about to end
  completed,  // the only end that may be a success
  failed,     // the job's own process said so
  timed_out,
  no_memory,
  cancelled,  // by a person, or for a job of more importance
  lost        // with its node
};
JobPhase phase_of(const JobState& state);

// Lines "12_3|RUNNING|None|h100-1" as squeue prints them for '%i|%T|%r|%N', a pending array task by task
// (-r).
std::map<std::string, JobState> states_from_squeue(std::string_view text);
// Lines "12_3|CANCELLED by 0|0:0|h100-1" as sacct prints them for JobID,State,ExitCode,NodeList.
std::map<std::string, JobState> states_from_sacct(std::string_view text);

// For people: "waits in the queue (Resources)", "runs on h100-1".
std::string to_sentence(const JobState& state);

}  // namespace reprise
