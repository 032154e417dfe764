// SPDX-License-Identifier: Apache-2.0
#pragma once
// A picture of the calls around a guilty one, line by line.
#include <cstdint>
#include <string>
#include <vector>

#include "harness/judge/explain/operator_divergence.h"

namespace reprise {

// One line of a picture of the calls around the guilty one.
struct CallLine {
  enum class State { equal, guilty, differs, only_a, only_b };
  State state = State::equal;
  std::int64_t order = 0, depth = 0;  // of side a; of side b for only_b
  std::string name, phase, scope;
  std::string place = {};  // "train.py:18"; "" not known
};

// Up to `before` calls before the guilty one (always with the calls it is inside of), itself, and up to
// `after` of what follows.
std::vector<CallLine> calls_around(const std::vector<OpCall>& a, const std::vector<OpCall>& b,
                                   const OperatorDivergence& divergence, std::size_t before,
                                   std::size_t after);

}  // namespace reprise
