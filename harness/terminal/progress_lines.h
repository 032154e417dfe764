// SPDX-License-Identifier: Apache-2.0
#pragma once
// Progress for people: on a terminal one line that is written over, elsewhere a plain line when a run starts
// and when it ends. Time left is told only where something was measured (launch/time_left.h). Time comes with
// the events, no clock is asked.
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "harness/launch/time_left.h"

namespace reprise {

// As wide as `columns` at most, with "..." for what is left out; control characters become '?'.
std::string clipped(std::string_view text, std::size_t columns);

// "2 of 8 runs; threads=2: step 100 of 200; about 40 s left", at most `columns` wide: the run's name gives
// way first.
std::string progress_words(const std::string& count, const std::string& name, const std::string& about,
                           const std::string& time, std::size_t columns);

class ProgressLines {
 public:
  using Moment = TimeLeft::Moment;
  struct Place {
    bool terminal = false;
    std::function<std::size_t()> columns;  // of the terminal, asked at each line
  };
  // `out` outlives it.
  ProgressLines(std::ostream& out, Place place) : out_(out), place_(std::move(place)) {}

  void take(const LaunchEvent& event);
  // Of work that is no run: "3 of 20 traces read". `done` counts from 0, at the begin.
  void count(std::size_t done, std::size_t all, std::string_view what, Moment now);

 private:
  void plain(const LaunchEvent& event);
  void plain_time(const std::string& words, Moment now);
  void draw(const LaunchEvent& event);
  void redraw(Moment now, bool at_once, const std::string& line);
  std::size_t columns() const;

  std::ostream& out_;
  Place place_;
  TimeLeft left_;
  std::string name_, about_, said_;  // of the run last heard of; a sentence that stays for a while
  std::optional<Moment> drawn_, timed_, counted_from_;
};

}  // namespace reprise
