// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the name of a fact says of it: one table of prefixes, for all who sort facts. The longest prefix
// decides.
#include <span>
#include <string_view>

namespace reprise {

enum class FactOf {
  machine,  // of the machine and its software: part of who ran
  choice,   // follows from the plan, or from what LibTorch chose by it
  run       // of this one run, or of the script
};

struct FactPrefix {
  std::string_view begins;
  FactOf of;
  std::string_view what;  // for people
};

std::span<const FactPrefix> fact_table();
// FactOf::run for a name that no prefix fits: what is not known to be the machine's tells nothing of it.
FactOf fact_of(std::string_view name);

}  // namespace reprise
