// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where two sequences of operator calls part: the first call whose inputs are equal and whose outputs are
// not, as deep inside as it goes; or the first place where the two sides do not make the same call at all.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/op_call.h"

namespace reprise {

enum class DivergenceKind {
  none,        // the calls agree in everything
  result,      // one operator, equal inputs, other outputs
  calls,       // the sides make other calls: another operator, another depth, or one side makes none
  numbers,     // one operator, equal tensors, another scalar argument (a learning rate)
  outside,     // an input differs that no call before it left behind, though all calls were observed
  unobserved,  // the difference came in by tensors that were not observed: nobody can be blamed
  unwritten,   // an input is memory that some call made and nobody wrote
  thread,      // an input differs that a call of another thread wrote
  generator,   // a random operator draws from a generator whose state differs already
  python,      // an input differs that Python made a tensor of (torch.tensor, torch.from_numpy)
  draws,       // one side calls random operators more often between two steps: see uneven_draws.h
};
std::string_view to_text(DivergenceKind kind);  // "none", "result", "calls" and so on, as above

struct OperatorDivergence {
  DivergenceKind kind = DivergenceKind::none;
  // Index into each side's calls of the guilty call; an index past the end where a side makes no such call.
  std::size_t a = 0, b = 0;
  std::size_t input = 0;              // which input differs, or was not observed
  std::optional<std::size_t> source;  // unobserved: an earlier call whose output was not observed
  std::string writer;                 // thread: "aten::lerp_.Scalar of Thread-1 (average)"; unwritten: the
                                      // operator that made the memory
  std::string lack;                   // calls: what before them was not observed, as unobserved_of() says it
  std::vector<std::string> drawers;   // generator: operators and threads that draw beside the guilty call
  // The calls around it, outermost first, as indices into each side.
  std::vector<std::size_t> inside, inside_b;
};

// One past the last call inside of call `i`; calls in the order of a trace.
std::size_t end_of(const std::vector<OpCall>& calls, std::size_t i);

// Which other threads than `thread` draw, with what they call: "aten::randn of Thread-1 (prefetch)".
std::vector<std::string> drawers_beside(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                        const std::string& thread);

// What of a side's calls was not observed: in how many calls, and the first of them in words ("output 0 of
// aten::mm, call 3"); "" all was.
std::string unobserved_of(const std::vector<OpCall>& calls, std::size_t from);

// `a` and `b`: the calls of one step, by role, then order; calls of earlier steps may stand before them, up
// to `from_a` and `from_b`: these are asked only who made an input that differs. The thread that trains is
// looked at first, then the others, each beside the one of its name, as far as both go: how far another
// thread comes within a step is chance. Calls inside of a call are looked at only if its outputs differ, or
// if what they left behind turns up differing later: of a guilty call the innermost guilty one inside it is
// named, and if the two sides make other calls inside it, that is the answer. A call is guilty by itself only
// if all its inputs were observed on both sides, and are equal.
OperatorDivergence operator_divergence(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                       std::size_t from_a = 0, std::size_t from_b = 0);

}  // namespace reprise
