// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to do where a run does not repeat itself, in the terms of what differed: a length, the data, the
// random streams, a call. Only what was seen is advised against.
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/explain/bisection.h"

namespace reprise {

struct RepeatAdvice {
  std::string sentence;
  std::string bisection;  // what a bisection of two repeats would tell, ending with ":"; "": nothing more
};

// `diff` has runs that were meant to be equal and are not; `bisections` are of pairs of its traces.
RepeatAdvice repeat_advice(const Diff& diff, const std::vector<Bisection>& bisections);

}  // namespace reprise
