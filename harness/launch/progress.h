// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a launch tells while it goes on, as facts with their moments: which runs there are, which started,
// came to a checkpoint or ended. Whoever shows it (harness/terminal) makes lines of it, or counts.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/matrix/matrix.h"

namespace reprise {

enum class LaunchTold {
  planned,     // first of all: the runs that this launch is about
  started,     // a process of it
  step,        // the run made one, some time after the last that was told
  checkpoint,  // the run came to one
  ended,       // as `outcome` says
  reused,      // it existed
  waiting,     // another process is making this very run
  anew,        // it existed and does not stand any more: why
  note,        // something about the run that its user should know
  time_passed  // nothing new, some time later
};
std::span<const Word<LaunchTold>> words_of(LaunchTold told);

struct PlannedRun {
  std::string name;
  std::int64_t steps = 0;  // that it will take; 0: not known before it ends
  int cores = 1;           // that it keeps busy
};

struct LaunchEvent {
  LaunchTold told = LaunchTold::time_passed;
  std::chrono::steady_clock::time_point at = {};
  std::size_t run = 0;                   // its place among those planned
  std::string name = {};                 // of the run, for people
  std::filesystem::path folder = {};     // of the run
  std::int64_t step = 0, steps = 0;      // of `step` and `checkpoint`: this one, and all of them
  double loss = 0;                       // of `checkpoint`
  Outcome outcome = {};                  // of `ended` and `reused`
  std::string text = {};                 // of `anew` and `note`
  std::vector<PlannedRun> planned = {};  // of `planned`
  int cores = 1;                         // of `planned`: how many the launch uses
};

using TellProgress = std::function<void(const LaunchEvent& event)>;

// Tells it, as of now, if anybody is there to be told.
void send(const TellProgress& whom, LaunchEvent event);

// One line for people: "threads=2: step 100 of 200, loss 0.4412"; "" of `planned` and `time_passed`.
std::string to_sentence(const LaunchEvent& event);

}  // namespace reprise
