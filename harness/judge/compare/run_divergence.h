// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where two runs part, as wholes: whatever one has and the other has not parts them (a step, a process), not
// only another digest.
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/compare/process_match.h"

namespace reprise {

// The last step up to which these runs are to be compared, where some of them was asked for no more: its plan
// says so (watch.until), or reprise ended it (a time limit, an interrupt). Nothing where none was: then runs
// of other lengths are other runs.
std::optional<std::int64_t> prefix_of(const std::vector<RunTraces>& runs);

// The last step of a trace that is compared.
std::int64_t last_compared(const Trace& trace, std::optional<std::int64_t> prefix);

// Two traces of one process: the first step that differs; else "length" where they end at other steps.
// Nothing if they are equal.
std::optional<Divergence> divergence_of(const Trace& a, const Trace& b,
                                        std::optional<std::int64_t> prefix = {});

// Two runs: a process that one of them lacks comes first, then the earliest divergence of any process.
std::optional<Divergence> divergence_of(const std::vector<ProcessPair>& processes,
                                        std::optional<std::int64_t> prefix = {});

// Of two runs alone.
std::optional<Divergence> divergence_of(const RunTraces& a, const RunTraces& b);

// Of a run that did not end well: "It had made 9 steps"; of one with several processes, what each came to and
// by what it was ended. Without a full stop.
std::string how_it_ended(const RunTraces& run);
// ", equal to those of NAME." or "; it parts from NAME at step 3 (...).", up to where it went.
std::string agreement(const RunTraces& ended, const RunTraces& whole, const std::string& name);

// The process of that label, as match_processes() gives it to one run or the n-th of its kind; the first
// where the label is "". An Error if the run has none.
const ProcessTrace& process_named(const RunTraces& run, const std::string& label);

}  // namespace reprise
