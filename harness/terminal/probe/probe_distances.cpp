// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/probe/probe_distances.h"

#include <algorithm>
#include <map>

#include "harness/base/files.h"
#include "harness/trace/trace.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// A cell whose side differs from another plan's results.
struct Apart {
  ProbeCell* cell;
  Run first, second;
};

// Those that differ from call to call have no one distance; results of several callers have other names.
bool between_plans(Cause cause) {
  switch (cause) {
    case Cause::threads:
    case Cause::isa:
    case Cause::mkl:
    case Cause::onednn:
    case Cause::alignment:
    case Cause::memory:
    case Cause::batch:
    case Cause::deterministic:
      return true;
    default:
      return false;
  }
}

// One call, whose results are kept.
Run short_run(const ProbeRun& run, const std::string& name) {
  Run made{name, run.plan};
  made.plan.steps = 2;
  made.plan.evaluate_every = made.plan.watch.checkpoint_every = 1;
  made.plan.watch.until = 1;
  made.plan.watch.keep = Keep::all;
  return made;
}

// One more, held against the results that it begins with.
Run going_on(const ProbeRun& run, const std::string& name) {
  Run made = short_run(run, name);
  made.plan.watch.until = 0;
  made.plan.watch.from = 1;
  made.plan.watch.keep = Keep::none;
  return made;
}

// The side that a cell's sentence names.
const ProbeRun* side_of(const std::vector<ProbeRun>& asked, const ProbeCell& cell) {
  for (const auto& run : asked)
    if (run.cause == cell.cause && cell.sentence.find("with " + run.side + " in call") != std::string::npos)
      return &run;
  return nullptr;
}

void find_apart(const std::vector<ProbeRun>& asked, ProbeVerdict& verdict, std::vector<Apart>& into) {
  if (asked.front().plan.command) return;
  for (auto& cell : verdict.cells) {
    if (cell.finding != ProbeFinding::varies || !between_plans(cell.cause)) continue;
    const ProbeRun* side = side_of(asked, cell);
    if (side == nullptr) continue;
    const auto first =
        is_pair(cell.cause) ? std::ranges::find(asked, cell.cause, &ProbeRun::cause) : asked.begin();
    if (&*first == side) continue;
    const std::string name = verdict.probe + " " + side->side;
    into.push_back({&cell, short_run(*first, name + ", what it is held against"), going_on(*side, name)});
  }
}

std::optional<fs::path> kept_by(const RunResult& result) {
  if (!result.outcome.done() || !fs::is_directory(result.folder / "checkpoints")) return std::nullopt;
  const auto files = list_folder(result.folder / "checkpoints");
  return files.empty() ? std::nullopt : std::optional(files.back());
}

std::optional<ProbeDistance> distance_in(const RunResult& result) {
  if (!result.outcome.done()) return std::nullopt;
  ProbeDistance found;
  int told = 0;
  for (const auto& [step, metric] : Trace(result.folder).metrics())
    for (const auto& [name, place] : {std::pair{"v_ermv", &found.v_ermv}, std::pair{"v_c", &found.v_c}})
      if (step == 2 && metric.name == name) {
        *place = metric.value;
        ++told;
      }
  return told == 2 ? std::optional(found) : std::nullopt;
}

}  // namespace

void add_distances(const std::vector<std::vector<ProbeRun>>& asked, std::vector<ProbeVerdict>& verdicts,
                   const LaunchOptions& how) {
  std::vector<Apart> apart;
  for (std::size_t i = 0; i < verdicts.size(); ++i) find_apart(asked[i], verdicts[i], apart);
  std::vector<Run> firsts;
  for (const auto& one : apart) firsts.push_back(one.first);
  if (firsts.empty()) return;
  const auto kept = launch(firsts, how);
  std::vector<Run> seconds;
  std::vector<ProbeCell*> cells;
  for (std::size_t i = 0; i < apart.size(); ++i)
    if (const auto file = kept_by(kept[i])) {
      seconds.push_back(apart[i].second);
      seconds.back().start_file = *file;
      cells.push_back(apart[i].cell);
    }
  if (seconds.empty()) return;
  const auto held = launch(seconds, how);
  for (std::size_t i = 0; i < held.size(); ++i) cells[i]->distance = distance_in(held[i]);
}

}  // namespace reprise
