// SPDX-License-Identifier: Apache-2.0
#pragma once
// All nights of all machines, read from the history-*.jsonl of a folder. Texts that repeat are kept once, so
// that 400,000 rows fit in some tens of megabytes.
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/judge/history/history_row.h"

namespace reprise {

// Each text once, told by a number. 0 is the empty text.
class Texts {
 public:
  Texts() { number_of(""); }
  std::uint32_t number_of(std::string_view text);
  const std::string& at(std::uint32_t number) const { return *texts_[number]; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> texts_;  // keys of the map, which stay where they are
};

// What a row says of its night; texts by their numbers.
struct NightEntry {
  std::int64_t night = 0;
  Held found = Held::untested;
  std::uint32_t date = 0, environment = 0, hardware = 0, plan = 0, chain = 0, metric = 0, facts = 0,
                changed = 0,  // the lines, with line breaks between them
      sentence = 0, operation = 0, report = 0;
  double value = std::numeric_limits<double>::quiet_NaN();  // of the metric; not a number: none
};

// One configuration of one matrix on one machine, night after night.
struct NightSeries {
  std::string machine, matrix, recipe, run;
  std::vector<NightEntry> entries;  // by night number, each night once
};

struct History {
  Texts texts;
  std::vector<NightSeries> series;  // by machine, matrix, recipe; runs in the order in which they came
  std::size_t rows = 0;
  std::vector<std::string> damage;  // what was left out of which file, a sentence each
};

// Every history*.jsonl of the folder; empty where there is none. Damaged lines are left out and told.
History read_history(const std::filesystem::path& folder);

// The file of that machine.
std::filesystem::path history_file(const std::filesystem::path& folder, std::string_view machine);
// All rows or none: an Error says why the disk did not take them, and then nothing of them is left. Behind a
// last line that was cut short they begin a new line.
void append_rows(const std::filesystem::path& folder, std::string_view machine,
                 std::span<const HistoryRow> rows);

// Where the bits of a run became others than they last were.
struct BitsMoved {
  std::size_t at = 0;      // entry of the series
  std::size_t before = 0;  // the last one before it that gave bits
};
std::vector<BitsMoved> moves_of(const NightSeries& series);

}  // namespace reprise
