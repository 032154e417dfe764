// SPDX-License-Identifier: Apache-2.0
#pragma once
// A finding in the terms of the script: at which of its lines the guilty call was made, of which line it
// computes the gradient, and where Python made a tensor that differs. A place is told only where it is known,
// and only one; where it is not known although places were recorded, that is said.
#include <string>
#include <vector>

#include "harness/judge/explain/operator_divergence.h"

namespace reprise {

// What a call belongs to for whoever wrote the script: for one of a backward pass the line whose gradient it
// computes, if that is known, else where it was called.
const KnownPlace& own_place(const OpCall& call);

// Where Python made the tensor that input `input` of call `index` is; nothing where that cannot be told, or
// where several lines made one of that content.
KnownPlace made_at(const std::vector<OpCall>& calls, std::size_t index, std::size_t input);

// Sentences for a report; none if no call of either side has a place.
std::vector<std::string> line_sentences(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                        const OperatorDivergence& divergence);
// The same of one call that both sides make.
std::vector<std::string> line_sentences(const OpCall& call);

}  // namespace reprise
