// SPDX-License-Identifier: Apache-2.0
#pragma once
// A recipe's plan and some axes become configurations: every plan that a matrix runs, with its name.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/matrix/axis.h"
#include "harness/matrix/matrix.h"
#include "harness/plan/node_kind.h"

namespace reprise {

// "threads=1,2" as typed. The first value is the baseline. "repeat=3" means repeats 1, 2 and 3.
struct AxisChoice {
  std::string name;
  std::vector<std::string> values;
};
AxisChoice parse_axis(std::string_view text);

struct Planned {
  Matrix matrix;            // outcomes and folders still empty
  std::vector<Plan> plans;  // one per configuration, same order
};

// The repeat factor multiplies every configuration in each design. Names are "baseline", "threads=2",
// "threads=2 mkl=strict", with " repeat=2" behind for later repeats (alone for the baseline's: "repeat=2").
// Configurations come with fewer changed factors first, then in the order of the axes; the repeats of one
// follow it. Two names for one plan are an Error. `kinds` of machines are values of the axis device too.
Planned expand(const Plan& base, const std::vector<AxisChoice>& axes, Design design,
               const NodeKinds& kinds = {});

}  // namespace reprise
