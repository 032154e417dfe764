// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one run of one night gave, as one line of JSON in HISTORY/history-MACHINE.jsonl. A file per machine,
// so that histories of several machines merge in git. Lines are only ever appended: of several lines of one
// run of one night the last counts.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/baseline/checking.h"

namespace reprise {

inline constexpr std::string_view history_format = "reprise.history/1";

struct HistoryRow {
  std::int64_t night = 0;
  std::string date;         // when the night began, by that machine's clock: "2026-11-28T03:00:01Z"
  std::string machine;      // as it is called in this history
  std::string environment;  // environment_id() of its hardware; "" where no run told
  std::string hardware;     // for people
  std::string matrix, recipe, run, plan;  // the matrix's name, the configuration's name, the plan's digest
  Held found = Held::untested;
  std::string chain;   // run_digest(); "" for an untested run
  std::string metric;  // "accuracy"; "" where there is none
  std::optional<double> value;
  std::string facts;                      // short digest of the software's facts
  std::vector<std::string> changed = {};  // of the software since the run's night before, a line each
  std::string sentence = {};              // the finding, where it is no match
  std::string operation = {};             // the operator, where the mismatch was bisected
  std::string report = {};                // page of its matrix, below the history's folder
  bool operator==(const HistoryRow&) const = default;
};

// Without the line break. Equal rows give equal bytes.
std::string to_line(const HistoryRow& row);
// Nothing for a line that is damaged or of another format.
std::optional<HistoryRow> row_from_line(std::string_view line);

}  // namespace reprise
