// SPDX-License-Identifier: Apache-2.0
#include "harness/search/claim/proof_runs.h"

#include <map>

#include "harness/base/error.h"
#include "harness/checkpoint/checkpoint_file.h"
#include "harness/judge/compare/trace_divergence.h"
#include "harness/launch/run_folder.h"
#include "harness/plan/set_pin.h"
#include "harness/trace/trace.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

Run again_from(const Segment& segment, const ClaimedProof& proof, const Run& whole) {
  Run run = whole;
  run.name = fmt::format("{}, steps {} to {} again", whole.name, segment.from, segment.to);
  run.repeat = whole.repeat + 1;  // never the run itself, where a segment is all of it
  run.plan.watch.from = segment.from;
  run.plan.watch.until = segment.to;
  if (segment.from > 0) run.start_file = segment.first;
  for (const auto& [name, value] : proof.pins) set_pin(run.plan, name, value);
  return run;
}

// An Error unless the checkpoint holds the weights that the trace has of that step, and no other.
void check_checkpoint(const fs::path& file, const Trace& trace, std::int64_t step) {
  const auto digests = trace.tensors(step);
  std::map<std::string, Digest> seen;
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (trace.columns()[i].stage == Stage::weights && digests[i] != Digest{})
      seen.emplace("weights/" + trace.columns()[i].name, digests[i]);
  std::map<std::string, Digest> held;
  for (const auto& tensor : read_checkpoint(file).tensors)
    if (tensor.name.starts_with("weights/")) held.emplace(tensor.name, digest_of(tensor));
  if (held != seen)
    fail("{} does not hold the weights that its run had after step {}; --again makes the run anew",
         file.string(), step);
}

bool ends_equal(const Trace& again, const Trace& whole, std::int64_t step) {
  constexpr auto weights = static_cast<std::size_t>(Stage::weights);
  return again.stages(step)[weights] == whole.stages(step)[weights];
}

RepeatedSegment measured(const Segment& segment, const RunResult& result, const Trace& whole) {
  RepeatedSegment found{segment.from, segment.to, segment.moved};
  if (!result.outcome.done()) {
    found.trouble = fmt::format("{}: {}", to_text(result.outcome.ending), result.outcome.reason);
    return found;
  }
  try {
    const Trace again(result.folder / "trace.h5");
    if (again.first_step() != segment.from || !same_state(again, whole, segment.from))
      found.trouble = "the repetition does not begin in the state of the checkpoint";
    const auto kept = kept_checkpoints(result.folder);
    if (!kept.contains(segment.to)) fail("it kept no checkpoint of step {}", segment.to);
    check_checkpoint(kept.at(segment.to), again, segment.to);
    found.equal = ends_equal(again, whole, segment.to);
    found.apart = weights_distance(segment.last, kept.at(segment.to));
  } catch (const Error& error) {
    found.trouble = error.what();
  }
  return found;
}

}  // namespace

RepeatedProof repeat_segments(const ClaimedProof& proof, const Run& whole, const fs::path& folder,
                              const LaunchOptions& options) {
  const auto all = segments_of(folder, proof.interval, last_step_of(whole.plan));
  const Trace trace(folder / "trace.h5");
  check_checkpoint(all.front().first, trace, 0);
  for (const auto& segment : all) check_checkpoint(segment.last, trace, segment.to);
  const auto chosen = furthest(all, proof.segments);
  std::vector<Run> runs;
  for (const auto& segment : chosen) runs.push_back(again_from(segment, proof, whole));
  const auto results = launch(runs, options);
  RepeatedProof repeated{{}, all.size()};
  for (std::size_t i = 0; i < chosen.size(); ++i)
    repeated.segments.push_back(measured(chosen[i], results[i], trace));
  return repeated;
}

}  // namespace reprise
