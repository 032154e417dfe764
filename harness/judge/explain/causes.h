// SPDX-License-Identifier: Apache-2.0
#pragma once
// Why an operator gives other bits, and what may be pinned against it: a small table kept as data, one row a
// known reason with its source. A row applies where the kind of the split, the operator and what differs
// between the two sides match; which remedy helps is then tried, not believed.
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/explain/operator_divergence.h"
#include "harness/machine/facts.h"
#include "harness/plan/plan.h"

namespace reprise {

struct Cause {
  std::string_view kinds;      // of the divergence, separated by spaces: "result calls"; "kernels": of kind
                               // result or calls, and the sides were seen to run other CUDA kernels
  std::string_view operators;  // patterns, separated by spaces: "aten::addmm* aten::*conv*"; "*" any
  std::string_view differs;  // pins, or words of apart_beside_pins(), of which one differs between the sides,
                             // separated by spaces; "none": the two sides have one plan, made on machines
                             // that are alike; "*" whatever differs
  std::string_view reason;   // one sentence for people, hedged where it is no more than likely
  std::string_view remedies;  // "mkl=strict;threads=1": pins to try one by one, set on both sides
  std::string_view source;    // where that is known from: an issue, a source file, a manual
};

std::span<const Cause> cause_table();  // the more special rows first

// What else the two sides differ in: "processor", "torch", "gpu" by their facts or plans, and "setting" for
// all else that a plan says and that is no pin (a variable, an argument, where it was resumed).
std::set<std::string> apart_beside_pins(const Plan& a, const Facts& facts_a, const Plan& b,
                                        const Facts& facts_b);

// The rows that apply, in the table's order. `name` is the operator's (both sides' where they differ).
std::vector<Cause> causes_of(const OperatorDivergence& divergence, const std::vector<std::string>& names,
                             const Pins& a, const Pins& b, bool other_kernels = false,
                             const std::set<std::string>& beside = {});

// One remedy: pins to set on both sides.
struct Remedy {
  std::vector<std::pair<std::string, std::string>> pins;
  std::string text;  // "mkl=strict"
};
// Of these causes, each once, without those that change nothing on either side.
std::vector<Remedy> remedies_of(const std::vector<Cause>& causes, const Pins& a, const Pins& b);

}  // namespace reprise
