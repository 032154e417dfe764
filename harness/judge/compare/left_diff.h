// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the files that two runs left part: tensors and values of checkpoints, lines of texts, else bytes.
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/left/left_record.h"
#include "harness/lines/text_diff.h"

namespace reprise {

// `alone`: one run left it and the other did not. `other_order`: the same lines in another order.
enum class LeftResult { equal, other_order, differs, alone, not_compared };
std::string_view to_text(LeftResult result);  // "equal", "other order", "differs", "alone", "not compared"

struct ValueDifference {
  std::string name;
  bool tensor = false;
  std::string a, b;  // of a value its text, of a tensor its form; "" on a side that lacks it
};

struct FileDiff {
  std::string name, name_b;  // in either run; they differ in digits alone: times, numbers of runs
  LeftResult result = LeftResult::equal;
  std::array<std::uint64_t, 2> bytes{0, 0};
  std::size_t side = 0;                      // of `alone`: the one that left it
  std::string remark = {};                   // why it was not compared, or how
  std::size_t differing = 0;                 // tensors and values
  std::vector<ValueDifference> values = {};  // the first of them
  std::optional<TextDiff> lines = {};        // of a text
};

// One run, as far as it is needed here. `text`: what a copied text holds. `found`: whether a file that this
// run did not write was there for it.
struct LeftSide {
  const LeftRecord* record;
  std::function<std::string(const LeftFile&)> text;
  std::function<bool(const std::string& name)> found;
  bool several = false;  // processes that may have written into one file
};

// Each file once, by name. Of an artifact, which the trace has, only what the trace does not: plain values;
// nothing where these are equal.
std::vector<FileDiff> compare_left(const LeftSide& a, const LeftSide& b);

}  // namespace reprise
