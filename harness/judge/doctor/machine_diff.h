// SPDX-License-Identifier: Apache-2.0
#pragma once
// How two machines differ, the differences that most likely move bits first. What one of them does not tell
// is not compared, and that is said.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/judge/doctor/moving_facts.h"
#include "harness/machine/facts.h"

namespace reprise {

struct MachineSide {
  std::string name;
  Facts facts;
  bool used_gpu = false;  // a run that had a GPU's driver loaded
};

struct MachineDifference {
  std::string name, a, b;
  MovesBits moves = MovesBits::rarely;
  std::string reason, source;
};

struct MachineDiff {
  std::string a, b;                            // the sides' names
  std::vector<MachineDifference> differences;  // the likeliest first, in the table's order, then by name
  std::size_t equal = 0;                       // facts that both tell alike
  std::vector<std::string> only_a, only_b;     // facts that one side alone tells: not compared
  std::vector<std::string> remarks;            // what nobody told although it matters
};

// A file that `reprise doctor --json` wrote, a run's folder or a trace. An Error for anything else.
MachineSide machine_side(const std::string& path);

// An Error if the two tell no fact in common.
MachineDiff compare_machines(const MachineSide& a, const MachineSide& b);

// What differs in two values, for people: of lists the words that one alone has, of digests their beginnings.
std::string difference_words(const MachineDifference& difference);

}  // namespace reprise
