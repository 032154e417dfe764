// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether runs started alike. A script that goes on from a file that an earlier run wrote is not to be blamed
// for bits that differ: what the files held when each run first opened them is compared before anything else
// is given as a reason.
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/matrix/matrix.h"
#include "harness/trace/files_seen.h"

namespace reprise {

// A file that two runs found differently when they began, or a variable that was handed on to both by name
// (keep-env) and had another value for each.
struct StartDifference {
  std::string file;  // as people know it: relative to the working folder; the variable's name
  bool absent_a = false, absent_b = false;  // it was not there for that run
  bool wrote_a = false, wrote_b = false;    // that run wrote it later
  bool variable = false;                    // `absent`: it was not set
  bool was_left() const { return wrote_a || wrote_b; }
};

class Starts {
 public:
  // Between the runs in two folders; nothing where they started alike as far as was seen.
  std::optional<StartDifference> difference(const std::filesystem::path& run_a,
                                            const std::filesystem::path& run_b);

 private:
  const FilesSeen& seen_of(const std::filesystem::path& run);
  std::unordered_map<std::string, FilesSeen> known_;  // asked for by each pair of runs
};

// "last.pt was not there for baseline, which wrote it; repeat=2 read it".
std::string to_words(const StartDifference& difference, const std::string& name_a, const std::string& name_b);
// What lets both start alike: "With --fresh each run begins with its own view of the working folder".
std::string way_out(const StartDifference& difference);

// Of runs in several classes of bits: "The runs did not start alike: ..."; "" if every two of different
// classes did. `classes`: of each configuration.
std::string unlike_starts(const std::vector<const Configuration*>& configurations,
                          const std::vector<std::size_t>& classes, Starts& starts);
// Of runs with equal bits: one reads what another wrote, so that they may be equal for that alone; "" if none
// does. `runs`: folders, with the names that people know them by.
std::string left_by_another(const std::vector<std::pair<std::string, std::filesystem::path>>& runs,
                            Starts& starts);

// Of runs of one plan, "run 1" and so on: why those that differ may do so, or why equal ones (`equal`) do not
// show that the plan repeats; "" where neither is known.
std::string unlike_repeats(const std::vector<std::filesystem::path>& runs, bool equal);

}  // namespace reprise
