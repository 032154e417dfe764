// SPDX-License-Identifier: Apache-2.0
#pragma once
// A run's folder, RUNS/<plan id>/<repeat>/: prepared before the worker starts, concluded after it has ended.
// A run exists exactly if outcome.toml says "done" and trace.h5 is there; outcome.toml is written last.
#include <chrono>
#include <filesystem>
#include <optional>

#include "harness/base/process.h"
#include "harness/launch/launch.h"

namespace reprise {

// RUNS/<plan id>/<repeat>.
std::filesystem::path run_folder(const std::filesystem::path& runs, const Run& run);

// The outcome of a finished run that is there already; nothing if it has to be run.
std::optional<Outcome> finished_run(const std::filesystem::path& folder);

// The name of the execution that a finished run is; "" where it is not known. An Error if the folder holds a
// run of another plan: somebody moved it, and it is not evidence here.
std::string execution_of(const std::filesystem::path& folder, const Plan& plan);

// Where a finished run lies while it is made anew, beside its folder: "1.before". It is no run to anybody.
std::filesystem::path set_aside(const std::filesystem::path& folder);
bool is_set_aside(const std::filesystem::path& folder);

// Brings back a finished run that was set aside by a process that was killed before the new attempt ended. To
// be called with the run's lock.
void take_back(const std::filesystem::path& folder);

// Empties the folder of an earlier attempt, or sets a finished run aside, and writes plan.toml, and order.txt
// if the plan's batch order is a file.
void prepare_run(const std::filesystem::path& folder, const Run& run);

// The median time of the steps of a finished run, as its worker told; nothing if it did not.
std::optional<double> step_milliseconds(const std::filesystem::path& folder);

// With the digests of what a run that is done has beside its trace (left/kept_beside.h). A run that was set
// aside is removed, or comes back where the new attempt was interrupted.
void write_outcome(const std::filesystem::path& folder, const Outcome& outcome);

// Holds a run while one process makes it, so that two commands on the same runs do not damage each other's.
// The kernel lets go of it when the process ends, however it ends, and so does every process it was handed
// to.
class RunLock {
 public:
  // Takes the lock beside the folder, or does not wait: see held().
  explicit RunLock(const std::filesystem::path& folder);
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();
  bool held() const { return file_ >= 0; }
  // Whether programs that are started from now on hold it too, until they end: a worker may outlive a
  // reprise that was killed, and still writes to the folder. Letting go of it here lets go of it for all.
  void hand_on(bool to_programs);

 private:
  int file_ = -1;
};

}  // namespace reprise
