// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two tables of operators, of two machines, LibTorchs or nights: which verdicts changed, and which operators
// give other bits for the same inputs.
#include <cstddef>
#include <string>
#include <vector>

#include "harness/judge/probe/judged_probe.h"

namespace reprise {

struct ProbeTable {
  Pins pins;  // of every run
  std::vector<ProbeVerdict> verdicts;
};

struct ProbeChange {
  std::string probe;
  std::string what;         // the cause whose verdict changed, or "bits"
  std::string there, here;  // "repeats", with its sentence
};

struct ComparedProbes {
  std::vector<ProbeChange> changes;
  std::size_t compared = 0;             // verdicts and bits that both tables tell
  std::vector<std::string> uncompared;  // why others were not, a sentence for each operator
  int exit_code() const { return !changes.empty() ? 1 : compared == 0 ? 2 : 0; }
};

// Of the causes `asked`. A cell that is untested in either table is not compared, and where one varies
// neither is one that repeats as far as its machine could try. An Error where the tables were made under
// other pins.
ComparedProbes compare_probes(const ProbeTable& there, const ProbeTable& here,
                              const std::vector<Cause>& asked);

}  // namespace reprise
