// SPDX-License-Identifier: Apache-2.0
#pragma once
// A table of operators becomes a document: operators by causes as a picture, every counterexample, what is
// untested and why, and what changed against another table.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/probe/compared_probes.h"
#include "reports/layout/report.h"

namespace reprise {

struct ProbeAnswer {
  std::vector<ProbeVerdict> verdicts;
  ProbeOrder order;
  std::vector<Cause> causes;                    // that were asked for
  std::optional<ComparedProbes> compared = {};  // with the table named
  std::string against = {};                     // here
};

// `command`: the words that do it again.
Report probe_report(const ProbeAnswer& answer, const std::vector<std::string>& command);

}  // namespace reprise
