// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the runs of one operator show: a verdict for each cause. `repeats` is said with how many calls were
// seen and the bound that this number supports; `varies` with its counterexample; all else is untested, with
// the reason.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/judge/probe/cause.h"
#include "harness/machine/facts.h"
#include "harness/matrix/matrix.h"
#include "harness/tensor/digest.h"
#include "harness/trace/trace.h"

namespace reprise {

// The results of a call, by name.
using CallDigests = std::map<std::string, Digest>;

struct SeenCalls {
  Outcome outcome;
  std::vector<CallDigests> calls;  // of a run that ended well: each step's
  Facts facts = {};                // and what its trace says of machine and programs
};
// `folder`: of the run; read only where it ended well.
SeenCalls seen_calls(const Outcome& outcome, const std::filesystem::path& folder);

enum class ProbeFinding { repeats, varies, untested };
std::span<const Word<ProbeFinding>> words_of(ProbeFinding finding);

// Of two results: mean relative difference of the elements, and the part of them that differ
// (probes/distance.h).
struct ProbeDistance {
  double v_ermv = 0, v_c = 0;
};

struct ProbeCell {
  Cause cause;
  ProbeFinding finding;
  std::int64_t calls = 0;  // that were compared
  std::string sentence;    // the bound, the counterexample or the reason
  bool whole = true;       // no value that the cause asks for was untested
  // How often chance could have shown a difference (calls; of fresh processes, these), and how often one was
  // seen; -1: an older table does not say.
  std::int64_t tries = 0, differ = 0;
  // How far the results are apart where they differ between two plans; nothing where nobody asked.
  std::optional<ProbeDistance> distance = {};
};

// What deterministic mode costs: the time of a call with it as a ratio to that without, and the part by which
// equal runs differed.
struct ProbeCost {
  double ratio = 1, noise = 0;
};

struct ProbeVerdict {
  std::string probe;
  std::vector<ProbeCell> cells;  // one for each cause, in the order of the enum
  // Digest of all results of the baseline's first call, by which tables of two machines are compared, and who
  // made it; empty where the baseline did not end well, or where its calls differ.
  std::string bits = {};
  std::string processor = {}, libtorch = {};
  std::optional<ProbeCost> cost = {};  // nothing where nobody asked
};

// `seen`: of each run, in the order of `runs`, which runs_of() made. Where calls differ that nothing tells
// apart, no other cause is said to move the bits.
ProbeVerdict judge_probe(const std::string& probe, const std::vector<ProbeRun>& runs,
                         const std::vector<SeenCalls>& seen);

// 95 % bound on the part of calls that differ where none of `calls` did: 3 divided by their number, at most
// 1.
double rule_of_three(std::int64_t calls);

}  // namespace reprise
