// SPDX-License-Identifier: Apache-2.0
#pragma once
// `reprise diff` of two checkpoints: tensors by name, form and bits, plain values by name and text.
#include <array>
#include <string>

#include "harness/judge/compare/plain_values.h"

namespace reprise {

struct CheckpointComparison {
  std::array<std::string, 2> paths;
  TensorFileDiff tensors;
  PlainDiff plain;
  std::array<std::size_t, 2> opaque{};  // values that are neither, which are not compared
  bool same_bytes = false;              // looked at only where something could not be read
  // No difference in what was compared.
  bool same() const { return tensors.same() && plain.same(); }
  // Nothing was left that could differ unseen. Values for which the other format has no place do not count.
  bool whole() const { return same_bytes || (opaque[0] + opaque[1] == 0 && plain.left_out == 0); }
};

// An Error if one cannot be read, a rename fits no tensor, or there is nothing to compare.
CheckpointComparison compare_checkpoints(const std::string& left, const std::string& right,
                                         const std::vector<Rename>& renames);

std::string to_text(const CheckpointComparison& found);
// One document, of the schema reprise.checkpoint-diff/2.
std::string to_json(const CheckpointComparison& found);

}  // namespace reprise
