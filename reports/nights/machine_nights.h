// SPDX-License-Identifier: Apache-2.0
#pragma once
// A history sorted for a page: machine by machine, matrix by matrix, night by night, with what moved.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/history/history.h"

namespace reprise {

// All runs of one matrix in one night.
struct MatrixNight {
  std::size_t runs = 0, match = 0;  // no runs: it was not run that night
  Held worst = Held::match;
  std::vector<std::string> moved = {};  // runs whose bits became others
  std::uint32_t report = 0;             // a text of the history
};

struct MatrixNights {
  std::string name;
  std::vector<MatrixNight> nights;  // as MachineNights::numbers
  std::size_t series = 0;           // configurations
};

// One night in which bits of a machine's runs became others.
struct MoveEvent {
  std::int64_t night = 0;
  std::string date;
  std::vector<std::string> runs;     // "waves, threads=2"
  std::vector<std::string> changed;  // what moved in the environment since the run before, a line each
};

struct MachineNights {
  std::string name, hardware;         // hardware of the last night that told it
  std::vector<std::int64_t> numbers;  // of its nights, ascending
  std::vector<std::string> dates;
  std::vector<MatrixNights> matrices;
  std::vector<MoveEvent> moves;        // the newest first
  std::vector<std::int64_t> set_back;  // nights that a clock dated before the one before them
};

std::vector<MachineNights> machine_nights(const History& history);

}  // namespace reprise
