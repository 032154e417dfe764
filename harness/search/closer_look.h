// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reruns of two sides with operators traced: one look is one such rerun of each.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/explain/launched_kernels.h"
#include "harness/judge/explain/operator_divergence.h"
#include "harness/judge/explain/stream_position.h"
#include "harness/judge/explain/uneven_draws.h"
#include "harness/search/bisecting.h"
#include "harness/trace/trace.h"

namespace reprise {

using Sides = std::array<const Side*, 2>;

// The trace of a side's process in one of its runs, on disk or run again.
Trace trace_of(const Side& side, const std::filesystem::path& folder);

struct Look {
  std::string untested;               // which side does not run here, and why; "" if both did
  std::optional<std::int64_t> parts;  // the step at which the two reruns part; nothing: not at all
  std::array<std::filesystem::path, 2> folders;
  std::array<std::vector<OpCall>, 2> calls;  // of that step, after those of earlier steps looked at
  std::array<std::size_t, 2> begin{0, 0};    // the first call of that step
  std::array<std::int64_t, 2> from{0, 0};    // the checkpoint's step each rerun began after; 0: the start
  std::array<std::size_t, 2> reruns{0, 0};
  std::array<bool, 2> as_before{true, true};  // the rerun gave the digests on disk, up to the step looked at
  OperatorDivergence divergence;
  std::optional<UnevenDraws> uneven;  // only where random streams differ after that step
  LaunchedKernels kernels;
};

// Reruns both sides with the operators of `step` traced, and tells nothing of them yet: `folders` hold the
// traces. `round` counts from 0: each has reruns of its own. Begins at the nearest checkpoint that a side
// kept if that proves equal to the uninterrupted run, else at the start.
// `before`: how many steps before it are traced too.
Look trace_operators(const Sides& sides, std::int64_t step, std::size_t round, const LaunchOptions& options,
                     std::int64_t before = 0);

// What the runs on disk tell of `step`, if they were made with its operators traced; nothing if they were
// not, or if that does not name a call.
std::optional<Look> look_on_disk(const Sides& sides, std::int64_t step);

// Looks at `step`, where the runs on disk part. Where an input differs that no call of the step made, both
// sides are rerun once more with the steps before traced too.
Look look_at(const Sides& sides, std::int64_t step, std::size_t round, const LaunchOptions& options);

// Where call `index` stands, told so that a rerun finds it: among the calls of its operator.
CallPlace findable(const std::vector<OpCall>& calls, std::size_t index);

// What was found, in words, and at which lines of the script.
std::string finding_of(const Look& look);
std::vector<std::string> lines_of(const Look& look);
// Where the random streams of the two reruns stand after the step at which they part, where that was kept.
std::vector<StreamApart> streams_after(const Sides& sides, const Look& look);

struct KeptCall {
  std::string untested;
  std::array<std::filesystem::path, 2> files;
};
// One rerun more of each side, which keeps the call with these places whole.
KeptCall keep_call(const Sides& sides, const Look& look, const std::array<CallPlace, 2>& places,
                   const LaunchOptions& options);

}  // namespace reprise
