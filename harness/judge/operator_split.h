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

enum class SplitKind {
  none,     // the calls agree in everything
  result,   // one operator, equal inputs, other outputs
  calls,    // the sides make other calls: another operator, another depth, or one side makes none
  numbers,  // one operator, equal tensors, another scalar argument (a learning rate)
  outside,  // an input differs that no call before it left behind: memory written by no operator
};
std::string_view to_text(SplitKind kind);  // "none", "result", "calls", "numbers", "outside"

struct OperatorSplit {
  SplitKind kind = SplitKind::none;
  // Index into each side's calls of the guilty call; an index past the end where a side makes no such call.
  std::size_t a = 0, b = 0;
  std::size_t input = 0;              // outside: which input differs
  std::optional<std::size_t> source;  // outside: an earlier call that made memory of that dtype and shape
                                      // without writing it (Seen::uninitialised)
  // The calls around it, outermost first, as indices into each side.
  std::vector<std::size_t> inside, inside_b;
};

// One past the last call inside of call `i`; calls in the order of a trace.
std::size_t end_of(const std::vector<OpCall>& calls, std::size_t i);

// `a` and `b`: the calls of one step, by role, then order. The first in that order decides. Calls inside of a
// call are looked at only if its outputs differ, or if what they left behind turns up differing later: of a
// guilty call the innermost guilty one inside it is named, and if the two sides make other calls inside it,
// that is the answer. A tensor whose content was not digested on either side (a view, uninitialised, small,
// unobserved) is compared by dtype and shape alone.
OperatorSplit operator_split(const std::vector<OpCall>& a, const std::vector<OpCall>& b);

// One line of a picture of the calls around the guilty one.
struct CallLine {
  enum class State { equal, guilty, differs, only_a, only_b };
  State state = State::equal;
  std::int64_t order = 0, depth = 0;  // of side a; of side b for only_b
  std::string name, phase, scope;
};

// Up to `before` calls before the guilty one (always with the calls it is inside of), itself, and up to
// `after` of what follows.
std::vector<CallLine> calls_around(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                   const OperatorSplit& split, std::size_t before, std::size_t after);

}  // namespace reprise
