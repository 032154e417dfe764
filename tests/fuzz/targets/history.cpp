// SPDX-License-Identifier: Apache-2.0
// The nights of a machine.
#include "harness/judge/history/history.h"
#include "fuzz/placed.h"
#include "fuzz/target.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  HistoryRow row;
  row.night = 3;
  row.date = "2026-11-28T03:00:01Z";
  row.machine = row.matrix = row.recipe = row.run = "one";
  row.plan = row.chain = std::string(32, 'a');
  row.found = Held::match;
  row.metric = "accuracy";
  row.value = 96.5;
  return {to_line(row) + "\n"};
}

void read(const std::string& input) {
  placed(input, "history/history-one.jsonl");
  read_history(placed_folder() / "history");
}

}  // namespace

extern const FuzzTarget history{
    .summary = "histories of nights",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
