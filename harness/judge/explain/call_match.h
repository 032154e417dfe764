// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two calls side by side: whether they are the same call, which of their tensors differ, and what the pair is
// guilty of by itself, without a look at any other call.
#include <cstddef>
#include <optional>
#include <vector>

#include "harness/judge/explain/operator_divergence.h"
#include "harness/trace/op_call.h"

namespace reprise {

// One operator, in one thread, at one depth, in one phase.
bool same_kind(const OpCall& a, const OpCall& b);

// The index of the first tensor that differs: by content where both sides have it, else by dtype and shape;
// the shorter length if one side has more; nothing: none.
std::optional<std::size_t> first_apart(const std::vector<OpTensor>& a, const std::vector<OpTensor>& b);

// Whether an input says nothing of what went in, though the call may have read it. A tensor that is
// overwritten, or that is not there, is not read.
bool is_unknown(const OpTensor& input);
// Whether an output that is there was not observed.
bool is_unseen(const OpTensor& output);
// Whether it makes a tensor of what Python holds (torch.tensor, torch.from_numpy).
bool is_python(const OpCall& call);
// Whether a call drew from a generator.
bool draws(const OpCall& call);

// What one call, made by both sides, is guilty of by itself. `input`: the one that differs, or that is not
// known.
DivergenceKind kind_at(const OpCall& a, const OpCall& b, std::size_t& input);
// Whether a split of this kind needs no other call to be explained.
bool is_by_itself(DivergenceKind kind);

}  // namespace reprise
