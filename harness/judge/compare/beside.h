// SPDX-License-Identifier: Apache-2.0
#pragma once
// What runs of a command printed and left, beside what they trained: results of their own. Weights may repeat
// and a number that was printed not. Runs with equal bits are compared with the first of their class, and the
// first of each other class with the first of all.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/compare/left_diff.h"

namespace reprise {

struct BesidePair {
  std::size_t a = 0, b = 0;  // traces of the diff
  bool same_class = true;    // their training is equal, bit for bit
  std::optional<TextDiff> printed = {};
  std::string printed_reason = {};  // why that was not compared
  std::vector<FileDiff> files = {};
  std::string files_reason = {};  // why these were not, or not all

  LeftResult printed_result() const;
  bool differs() const;  // what was printed or some file
  bool open() const;     // something was not compared
};

struct Beside {
  std::vector<BesidePair> pairs;
  std::size_t pairs_left_out = 0;  // too many to compare
};

// Of runs in these folders, in the order of the diff's traces.
BesidePair compare_beside(const std::filesystem::path& run_a, const std::filesystem::path& run_b,
                          bool several);

// `traces` are what the diff compared. Nothing where they are no runs of a command, or fewer than two,
// or where a plan ends one early.
std::optional<Beside> compare_beside(const Diff& diff, const std::vector<NamedTrace>& traces);

}  // namespace reprise
