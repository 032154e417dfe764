// SPDX-License-Identifier: Apache-2.0
// How a run ended.
#include "fuzz/target.h"
#include "harness/matrix/matrix.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  Outcome outcome;
  outcome.ending = Ending::failed;
  outcome.reason = "it ended with exit code 3";
  outcome.last_lines = {"one", "two \"quoted\""};
  outcome.notes = {"a note"};
  return {to_toml(outcome)};
}

void read(const std::string& input) { to_toml(outcome_from_toml(input, "outcome.toml")); }

}  // namespace

extern const FuzzTarget outcome{
    .summary = "outcomes of runs",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
