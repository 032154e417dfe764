// SPDX-License-Identifier: Apache-2.0
#include "harness/search/closer_look.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/trace_divergence.h"
#include "harness/judge/explain/bisection.h"
#include "harness/judge/explain/code_lines.h"
#include "harness/trace/call_file.h"
#include "harness/trace/value_file.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

// Where two runs of one plan part it is chance that decides when: all steps up to there are looked at, as far
// as these many.
constexpr std::int64_t steps_of_chance = 20;

bool same_plan(const Sides& sides) { return plan_id(sides[0]->run.plan) == plan_id(sides[1]->run.plan); }

struct Start {
  std::int64_t step = 0;
  fs::path file;
};

// The nearest checkpoint before `step` that the side's run kept.
Start nearest_checkpoint(const Side& side, std::int64_t step) {
  Start best;
  if (side.run.plan.resume_at > 0) return best;
  for (const auto& [kept, file] : kept_checkpoints(side.folder))
    if (kept < step) best = {kept, file};
  return best;
}

// A side's run, short and watched.
Run watched(const Side& side, const OperatorWindow& window, const Start& start, int repeat) {
  Run run = side.run;
  run.repeat = repeat;
  run.plan.watch.keep = Keep::none;
  run.plan.watch.ops = window;
  run.plan.watch.until = std::max<std::int64_t>(1, window.last);
  run.plan.watch.from = start.step;
  run.start_file = start.file;
  return run;
}

Digest stage_at(const Trace& trace, std::int64_t step, Stage stage) {
  return trace.stages(step)[static_cast<std::size_t>(stage)];
}

// The rerun began in the state that the whole run had there, and came to the same roots.
bool proven(const Trace& rerun, const Trace& whole, std::int64_t until) {
  const std::int64_t from = rerun.first_step();
  if (whole.last_step() < until) return false;
  if (!same_state(rerun, whole, from)) return false;
  return from == until || rerun.roots(from + 1, until) == whole.roots(from + 1, until);
}

std::optional<std::int64_t> first_step_apart(const Trace& a, const Trace& b) {
  const std::int64_t last = std::min(a.last_step(), b.last_step());
  for (std::int64_t step = std::max(a.first_step(), b.first_step()); step <= last; ++step) {
    // Rows of a side that began here have no batch, loss and gradients to compare.
    if (a.first_step() != b.first_step() && step == std::max(a.first_step(), b.first_step())) continue;
    if (a.root(step) != b.root(step)) return step;
  }
  return std::nullopt;
}

OperatorWindow window_at(const Sides& sides, std::int64_t step, std::int64_t before) {
  OperatorWindow window;
  window.last = std::max<std::int64_t>(1, step);  // row 0 holds what is called before the first forward pass
  window.first = std::max<std::int64_t>(0, step - (same_plan(sides) ? steps_of_chance : before));
  return window;
}

std::string reason_of(const Side& side, const Outcome& outcome) {
  return fmt::format("{} does not run here ({}): {}", side.name, to_text(outcome.ending), outcome.reason);
}

int repeat_of(const Sides& sides, std::size_t side, std::size_t round) {
  return static_cast<int>(same_plan(sides) ? 2 * round + side + 1 : round + 1);
}

// Reruns both sides from these starts. Fills in folders; false, with the reason, if a side does not run.
bool rerun(const Sides& sides, const OperatorWindow& window, std::array<Start, 2>& starts, std::size_t round,
           const LaunchOptions& options, Look& look) {
  std::vector<Run> runs;
  for (std::size_t side = 0; side < 2; ++side) {
    runs.push_back(watched(*sides[side], window, starts[side], repeat_of(sides, side, round)));
    runs.back().name = fmt::format("{}, operators of step {}", sides[side]->name, window.last);
  }
  const auto results = launch(runs, options);
  for (std::size_t side = 0; side < 2; ++side) {
    ++look.reruns[side];
    look.folders[side] = results[side].folder;
    look.from[side] = starts[side].step;
    if (results[side].outcome.done()) continue;
    look.untested = reason_of(*sides[side], results[side].outcome);
    return false;
  }
  return true;
}

}  // namespace

Trace trace_of(const Side& side, const fs::path& folder) {
  return process_named(read_run(folder), side.process).trace;
}

Look trace_operators(const Sides& sides, std::int64_t step, std::size_t round, const LaunchOptions& options,
                     std::int64_t before) {
  Look look;
  const OperatorWindow window = window_at(sides, step, before);
  std::array<Start, 2> starts;
  for (std::size_t side = 0; side < 2; ++side) starts[side] = nearest_checkpoint(*sides[side], window.first);
  bool ran = rerun(sides, window, starts, round, options, look);
  const bool short_cut = starts[0].step > 0 || starts[1].step > 0;
  const auto holds = [&](std::size_t side) {
    return proven(trace_of(*sides[side], look.folders[side]), trace_of(*sides[side], sides[side]->folder),
                  step);
  };
  if (short_cut && (!ran || !holds(0) || !holds(1))) {
    look.untested.clear();
    starts = {};
    ran = rerun(sides, window, starts, round, options, look);
  }
  if (ran)
    for (std::size_t side = 0; side < 2; ++side) look.as_before[side] = holds(side);
  return look;
}

namespace {

void count_draws(Look& look) {
  look.uneven = uneven_draws(look.calls[0], look.calls[1], look.begin[0], look.begin[1]);
  if (look.uneven &&
      part_by(*look.uneven, look.divergence, look.calls[0], look.calls[1], look.begin[0], look.begin[1]))
    look.divergence.kind = DivergenceKind::draws;
}

// Row 0 is taken before the first forward pass; what is called between the first optimizer's making and that
// pass stands among the calls of step 1.
void look_past_start(Look& look, const Trace& a, const Trace& b) {
  if (std::min(a.last_step(), b.last_step()) < 1) return;
  auto calls = look.calls;
  std::array<std::size_t, 2> begin{calls[0].size(), calls[1].size()};
  std::array<std::optional<std::size_t>, 2> pass;
  for (std::size_t side = 0; side < 2; ++side) {
    std::ranges::move((side == 0 ? a : b).calls(1), std::back_inserter(calls[side]));
    pass[side] = begin_of_pass(calls[side], begin[side]);
  }
  const auto divergence = operator_divergence(calls[0], calls[1], begin[0], begin[1]);
  if (divergence.kind == DivergenceKind::none || !pass[0] || !pass[1]) return;
  if (divergence.a >= *pass[0] && divergence.b >= *pass[1]) return;
  look.divergence = divergence;
  look.calls = std::move(calls);
  look.begin = begin;
}

// The calls of both sides up to the step at which they part, and where these part.
void read_calls(Look& look, const Trace& a, const Trace& b) {
  const std::array<const Trace*, 2> traces{&a, &b};
  for (std::size_t side = 0; side < 2; ++side) {
    auto& calls = look.calls[side];
    calls.clear();
    const std::int64_t first = traces[side]->plan().watch.ops.first;
    for (std::int64_t step = std::max(traces[side]->first_step(), first); step <= *look.parts; ++step) {
      look.begin[side] = calls.size();
      std::ranges::move(traces[side]->calls(step), std::back_inserter(calls));
    }
  }
  look.divergence = operator_divergence(look.calls[0], look.calls[1], look.begin[0], look.begin[1]);
  if (*look.parts == 0 && look.divergence.kind == DivergenceKind::none) look_past_start(look, a, b);
  if (stage_at(a, *look.parts, Stage::rng) != stage_at(b, *look.parts, Stage::rng)) count_draws(look);
  look.kernels = launched_kernels(look.calls[0], look.calls[1], look.divergence, a.facts(), b.facts());
}

Look read_look(const Sides& sides, Look look) {
  if (!look.untested.empty()) return look;
  const Trace a = trace_of(*sides[0], look.folders[0]), b = trace_of(*sides[1], look.folders[1]);
  look.parts = first_step_apart(a, b);
  if (look.parts) read_calls(look, a, b);
  return look;
}

// An earlier step may hold what made the input that differs.
bool came_from_before(const Look& look) {
  return look.divergence.kind == DivergenceKind::outside && look.parts && *look.parts > 0;
}

}  // namespace

std::optional<Look> look_on_disk(const Sides& sides, std::int64_t step) {
  const Trace a = trace_of(*sides[0], sides[0]->folder), b = trace_of(*sides[1], sides[1]->folder);
  for (const Trace* trace : {&a, &b})
    if (!trace->plan().watch.ops.holds(step) || !trace->plan().watch.ops.phases.empty()) return std::nullopt;
  Look look;
  look.parts = step;
  look.folders = {sides[0]->folder, sides[1]->folder};
  read_calls(look, a, b);
  const DivergenceKind kind = look.divergence.kind;
  if (kind == DivergenceKind::none || kind == DivergenceKind::outside || kind == DivergenceKind::unobserved)
    return std::nullopt;
  return look;
}

Look look_at(const Sides& sides, std::int64_t step, std::size_t round, const LaunchOptions& options) {
  Look look = read_look(sides, trace_operators(sides, step, round, options));
  if (!came_from_before(look) || same_plan(sides)) return look;
  Look wide = read_look(sides, trace_operators(sides, step, round, options, steps_of_chance));
  if (!wide.parts) return look;
  for (std::size_t side = 0; side < 2; ++side) wide.reruns[side] += look.reruns[side];
  return wide;
}

CallPlace findable(const std::vector<OpCall>& calls, std::size_t index) {
  const OpCall& wanted = calls[index];
  CallPlace place{wanted.step, wanted.role, 0, wanted.thread, wanted.name};
  for (const auto& call : calls)
    place.order += call.step == wanted.step && call.role == wanted.role && call.name == wanted.name &&
                           call.order < wanted.order
                       ? 1
                       : 0;
  return place;
}

std::string finding_of(const Look& look) {
  return look.divergence.kind == DivergenceKind::draws
             ? to_sentence(*look.uneven)
             : finding_of(look.divergence, look.calls[0], look.calls[1]);
}

std::vector<std::string> lines_of(const Look& look) {
  return look.divergence.kind == DivergenceKind::draws
             ? line_sentences(*look.uneven)
             : line_sentences(look.calls[0], look.calls[1], look.divergence);
}

std::vector<StreamApart> streams_after(const Sides& sides, const Look& look) {
  std::array<fs::path, 2> folders;
  for (std::size_t side = 0; side < 2; ++side) {
    folders[side] = trace_of(*sides[side], look.folders[side]).path().parent_path();
    if (!fs::exists(value_file(folders[side], *look.parts))) return {};
  }
  return streams_apart(folders[0], folders[1], *look.parts);
}

KeptCall keep_call(const Sides& sides, const Look& look, const std::array<CallPlace, 2>& places,
                   const LaunchOptions& options) {
  KeptCall kept;
  std::vector<Run> runs;
  for (std::size_t side = 0; side < 2; ++side) {
    OperatorWindow window;
    window.first = window.last = places[side].step;
    const Start start = look.from[side] > 0 ? nearest_checkpoint(*sides[side], look.from[side] + 1) : Start{};
    Run run = watched(*sides[side], window, start, repeat_of(sides, side, 0));
    run.plan.watch.dump = places[side];
    run.name = fmt::format("{}, {} of step {}", sides[side]->name, places[side].name, places[side].step);
    runs.push_back(run);
  }
  const auto results = launch(runs, options);
  for (std::size_t side = 0; side < 2; ++side) {
    if (results[side].outcome.done())
      kept.files[side] = trace_of(*sides[side], results[side].folder).path().parent_path() / call_file_name;
    else if (kept.untested.empty())
      kept.untested = reason_of(*sides[side], results[side].outcome);
  }
  return kept;
}

}  // namespace reprise
