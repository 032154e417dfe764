// SPDX-License-Identifier: Apache-2.0
#pragma once
// How long the runs of a launch will still take, from what this launch has measured: the time between two
// checkpoints of a run, and how long whole runs took. Nothing is assumed: where some run has nothing to be
// measured by, there is no answer. Time comes with the events, no clock is asked.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/launch/progress.h"

namespace reprise {

class TimeLeft {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // `planned` begins anew.
  void take(const LaunchEvent& event);
  // Seconds until all runs are settled; nothing where there is no basis, or where a run has outlasted it.
  std::optional<double> seconds(Moment now) const;

  std::size_t settled() const;  // runs that ended or existed
  std::size_t runs() const { return runs_.size(); }

 private:
  struct Observed {
    PlannedRun planned;
    std::optional<Moment> started, first_at, last_at;  // of its process, its first and last checkpoint
    std::int64_t first_step = 0, last_step = 0;
    std::optional<double> took;  // seconds, of a run that was done here
    bool settled = false;
  };
  static std::optional<double> step_seconds(const Observed& run);
  static std::optional<double> whole(const Observed& run);
  std::optional<double> expected(const Observed& run) const;
  std::optional<double> left(const Observed& run, Moment now) const;

  std::vector<Observed> runs_;
  int cores_ = 1;
};

// "40 s", "12 min", "3.5 h", rounded up.
std::string duration_words(double seconds);

}  // namespace reprise
