// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two runs of different recipes that are meant to be one training: a native recipe and somebody's script,
// say. Batches, random streams and the optimizer's state are told otherwise by either, so the weights alone
// are compared, tensor by tensor under their names, or in their order where names differ; and operator calls
// by what they left behind, not by their place.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/judge/compare/tensor_files.h"
#include "harness/judge/explain/operator_divergence.h"
#include "harness/trace/trace.h"

namespace reprise {

struct WeightsDivergence {
  std::int64_t steps = 0;                   // rows 0 (before training) to this one are compared
  std::vector<std::string> compared;        // weights that both have, by the second's names
  std::vector<std::string> only_a, only_b;  // weights without a partner
  // Of those compared, the names of both sides where they differ: matched by order, dtype and shape.
  std::vector<std::pair<std::string, std::string>> by_order;
  std::int64_t align = 0;              // row k of the second is row k + align of the first
  std::optional<std::int64_t> step;    // the first row at which a compared one differs; the second's
  std::vector<std::string> differing;  // those that differ there
  bool same() const { return !step && only_a.empty() && only_b.empty(); }
};

// `renames` are done to the first trace's names; names that are left over on both sides are matched by order
// if dtype and shape of all of them fit. An Error if no weight of one has a partner in the other, and
// if no step of the first is left behind `align`.
WeightsDivergence weights_divergence(const Trace& a, const Trace& b, const std::vector<Rename>& renames,
                                     std::int64_t align = 0);

// The first call of each side that makes, from tensors which the other side has too, something that the other
// side has nowhere in that step; of nested calls the innermost, and of several the first two whose outputs
// have one form. `result` or `numbers` where both sides' call is the same operator on the same inputs, else
// `calls`; `none` where neither side makes anything of its own.
OperatorDivergence content_split(const std::vector<OpCall>& a, const std::vector<OpCall>& b);

}  // namespace reprise
