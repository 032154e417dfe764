// SPDX-License-Identifier: Apache-2.0
#pragma once
// One side calls random operators more often than the other: an evaluation of a varying length, a sample now
// and then. Then the stream that both draw from stands elsewhere afterwards, and no call that follows is to
// blame. Calls are counted by operator and line; of each it is told whether it comes before the first call
// that the step's backward pass goes through, as calls between two steps do, as far as that can be seen.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/explain/operator_divergence.h"

namespace reprise {

struct UnevenDraw {
  std::string name, inside;  // "aten::dropout" and "aten::bernoulli_", by which it draws; "" by itself
  KnownPlace place;
  std::uint64_t calls_a = 0, calls_b = 0;
  std::uint64_t values_a = 0, values_b = 0;  // elements of what they made
  bool gradless = false;                     // none of them was called where gradients are computed
};

struct UnevenDraws {
  // Before the first call that the step's backward pass goes through; before the backward pass, where that
  // call cannot be told; anywhere in the step.
  enum class Where { between, before_backward, in_step } where = Where::in_step;
  std::int64_t step = 0;
  std::vector<UnevenDraw> draws;  // in the order of the calls
};

// Of the thread that trains, in the step that begins at `from_a` and `from_b`, from the default generators.
// Nothing where the counts agree, and where other threads draw too: then the order is chance already.
std::optional<UnevenDraws> uneven_draws(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                        std::size_t from_a, std::size_t from_b);

// Where the forward pass begins whose gradient the step computes, at the latest: no call before it made a
// node that a backward pass of the step goes through. Nothing where that cannot be told, as where a node was
// made that no call shows (torch.utils.checkpoint), or in an earlier step.
std::optional<std::size_t> begin_of_pass(const std::vector<OpCall>& calls, std::size_t from);

// Whether the sides part by these draws: they make the same calls up to there, and what then differs is which
// calls are made, or what goes into one that is not the same call.
bool part_by(const UnevenDraws& uneven, const OperatorDivergence& divergence, const std::vector<OpCall>& a,
             const std::vector<OpCall>& b, std::size_t from_a, std::size_t from_b);

// "between step 9 and step 10 side B draws more random numbers than side A: aten::randn of train.py:10, 1
// call on side A and 3 on side B (32 and 96 values)".
std::string to_sentence(const UnevenDraws& uneven);
// The lines of the script, and what was seen of where the calls belong.
std::vector<std::string> line_sentences(const UnevenDraws& uneven);

}  // namespace reprise
