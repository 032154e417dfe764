// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a bisection found: from two runs whose bits part down to one operator call, the likely reason, and
// which pins make the two sides equal. Everything here was measured in reruns; what could not be done says
// why.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/judge/compare/diff.h"
#include "harness/judge/explain/call_distance.h"
#include "harness/judge/explain/calls_around.h"
#include "harness/judge/explain/growth.h"
#include "harness/judge/explain/launched_kernels.h"
#include "harness/judge/explain/operator_divergence.h"
#include "harness/judge/explain/stream_position.h"

namespace reprise {

struct RemedyTried {
  std::string remedy;  // "mkl=strict"
  bool tried = false;  // false: `reason` says why not
  bool equal = false;  // it makes the two sides equal, up to step `until`
  std::int64_t until = 0;
  std::optional<double> step_time;  // of side A with it, as a ratio to side A without
  std::string reason;
};

struct LikelyReason {
  std::string sentence, source;
};

// How often a call was the first to part, over all rounds.
struct FirstCall {
  std::string name;  // the operator's; for other kinds what was found
  std::int64_t step = 0, role = 0, order = 0;
  std::size_t rounds = 0;
};

enum class Found {
  call,        // an operator call: see divergence
  batch,       // other samples or other data: no operator is guilty
  data,        // a tensor that Python made: no operator is guilty
  draws,       // one side draws more random numbers: no operator is guilty
  equal,       // nothing to bisect
  unseen,      // the state differs, every call agrees and was observed whole: written by no operator
  unobserved,  // the difference came in by tensors that were not observed
  length,      // one run ended earlier: no operator is guilty
  process,     // only one of them has a process: no operator is guilty
  elsewhere,   // the reruns part at other steps or not at all
  untested     // a side does not run
};
std::span<const Word<Found>> words_of(Found found);

// Whether operators are at fault at all.
Found found_of(DivergenceKind kind);

struct Bisection {
  std::string side_a, side_b;       // names: "threads=1", "threads=2"
  std::optional<Divergence> first;  // from the digests on disk; nothing: the two are equal
  Found found = Found::untested;
  std::string sentence;            // the finding, for a heading: "aten::addmm, call 14 of step 1, backward"
  std::vector<std::string> lines;  // of the script, in sentences: see code_lines.h
  KnownPlace made_at;              // data: where Python made the tensor
  std::vector<std::string> notes;  // what else a reader must know, in order
  OperatorDivergence divergence;
  std::optional<OpCall> call_a, call_b;  // the guilty one
  LaunchedKernels kernels;
  std::vector<CallLine> around;
  std::vector<StreamApart> streams;  // after the step at which these reruns part; as far as they were kept
  std::int64_t streams_at = 0;       // that step
  std::optional<CallDistance> distance;
  std::vector<LikelyReason> reasons;
  std::vector<RemedyTried> remedies;
  std::optional<Growth> growth;   // rounding, or another computation; nothing: not asked for
  std::vector<FirstCall> firsts;  // earliest first
  std::size_t rounds = 1;
  std::size_t reruns_a = 0, reruns_b = 0;  // to find and to keep the call, remedies aside; of the last round
  std::int64_t started_from = 0;           // the checkpoint's step the reruns began after; 0: the start
};

// "aten::addmm, call 14 of step 1, backward"; for other kinds what parts, in as many words.
std::string finding_of(const OperatorDivergence& divergence, const std::vector<OpCall>& a,
                       const std::vector<OpCall>& b);

}  // namespace reprise
