// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the plain values of two checkpoints part: learning rates, epochs, states of generators, metadata.
// They are compared by name and text, as tensors are by name and bits.
#include <string>
#include <vector>

#include "harness/judge/compare/tensor_files.h"

namespace reprise {

struct PlainDifference {
  std::string name;
  std::string left, right;  // as Python would show them
};

struct PlainDiff {
  std::vector<PlainDifference> differing;  // one value on each side
  std::vector<PlainValue> only_left, only_right;
  // Values that one side alone has, where the two are of formats that hold other values: "Python" and
  // "GGUF". They are no difference.
  std::size_t no_place_left = 0, no_place_right = 0;
  std::size_t left_out = 0;  // values that were counted and not kept
  std::size_t equal = 0;
  bool same() const { return differing.empty() && only_left.empty() && only_right.empty(); }
};

// Names of `left` are renamed as those of its tensors are; a rename may fit none of them.
PlainDiff compare_plain(const CheckpointFile& left, const CheckpointFile& right,
                        const std::vector<Rename>& renames);

}  // namespace reprise
