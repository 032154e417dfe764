// SPDX-License-Identifier: Apache-2.0
#pragma once
// The runs of a search for a cure: every side with a set of pins, over a few steps or whole, compared. One
// run at a time, since side by side they would distort each other's step times. What exists is not run again.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/cure/cure.h"
#include "harness/launch/launch.h"

namespace reprise {

class CureRuns {
 public:
  // `sides`: as planned, without a cure, at least two, the baseline first. `repeats`: of each side but the
  // first in whole runs.
  CureRuns(std::vector<Run> sides, std::size_t repeats, const LaunchOptions& options);

  // How the sides part with no pin set: over a few steps, else over the whole run. Tries go some steps
  // beyond. Also runs the last side twice: see noise().
  Attempt uncured();
  Attempt few(const PinSet& set);
  Attempt whole(const PinSet& set);
  void look_further(std::int64_t step);

  // Runs the sides whole without a cure, and measures the prices of whole runs by them. Before that, prices
  // of these are unknown.
  void time_whole_runs();
  std::optional<double> whole_ratio(const PinSet& set) const;

  // Of what uncured() saw. `first`: nothing where the sides are equal.
  const std::optional<Divergence>& first() const { return first_; }
  std::int64_t until() const { return until_; }          // how far few() goes; 0: the whole run
  std::int64_t last_step() const { return last_step_; }  // of the whole runs compared; 0: none was
  double noise() const { return noise_; }
  bool repeats_itself() const { return repeats_itself_; }
  std::size_t made() const { return made_; }
  std::size_t reused() const { return reused_; }
  double seconds() const { return seconds_; }
  // Of the first two sides over a few steps, for a bisection; made if they are not there.
  std::vector<RunResult> folders_of(const PinSet& set);
  std::vector<Run> runs_of(const PinSet& set, std::int64_t until) const;

 private:
  std::vector<Run> with_repeats(std::vector<Run> runs) const;
  std::vector<RunResult> make(const std::vector<Run>& runs);
  Attempt compared(const std::vector<Run>& runs, const std::vector<RunResult>& results);
  void set_until(std::int64_t step);
  void measure_noise();

  std::vector<Run> sides_;
  std::size_t repeats_;
  LaunchOptions options_;
  std::int64_t until_ = 0, last_step_ = 0;
  std::optional<Divergence> first_, parted_;
  std::vector<std::optional<double>> few_times_, whole_times_;
  std::vector<std::pair<PinSet, std::vector<std::optional<double>>>> cured_times_;  // of whole runs
  double noise_ = 0.05;
  bool repeats_itself_ = true;
  std::size_t made_ = 0, reused_ = 0;
  double seconds_ = 0;
};

}  // namespace reprise
