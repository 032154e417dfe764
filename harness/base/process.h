// SPDX-License-Identifier: Apache-2.0
#pragma once
// A child process in a process group of its own: started with an environment given whole (nothing is
// inherited), output to one log file, waited for with a time limit, ended as a group. No thread is used.
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reprise {

inline constexpr int events_descriptor = 3;

struct ProcessStart {
  std::vector<std::string> arguments;              // arguments[0] is the program's path
  std::map<std::string, std::string> environment;  // all of it
  std::filesystem::path log;                       // standard output and error, truncated at the start
  std::filesystem::path folder;                    // working folder; empty = the caller's
  // A file that descriptor `events_descriptor` writes to, truncated at the start; empty = there is none.
  std::filesystem::path events = {};
};

// How a process ended, as the kernel reports it.
struct ProcessEnd {
  int exit_code = -1;           // valid if signal == 0
  int signal = 0;               // the signal that killed it, or 0
  bool timed_out = false;       // we killed it, its time was up
  double seconds = 0;           // wall time
  std::int64_t peak_bytes = 0;  // largest resident memory of the process
};

// Starts the process with posix_spawn. An Error if it cannot be started (names the program and why).
pid_t start_process(const ProcessStart& start);

// A running child, polled. Kills the whole group when destroyed while still running.
class Process {
 public:
  // `limit` of zero means no limit.
  Process(const ProcessStart& start, std::chrono::milliseconds limit);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  // Nothing while it runs; once ended, always the same answer. Kills the group when its time is up.
  std::optional<ProcessEnd> poll();
  // Waits until it ends, without a busy loop.
  ProcessEnd wait();
  // Ends the group: SIGTERM, a short grace, SIGKILL.
  void stop();
  // Ends the group at once, with SIGKILL.
  void kill();

 private:
  pid_t pid_;
  std::chrono::steady_clock::time_point began_;
  std::chrono::milliseconds limit_;
  std::optional<ProcessEnd> end_;
  bool timed_out_ = false;
};

}  // namespace reprise
