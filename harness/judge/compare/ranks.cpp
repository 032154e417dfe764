// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/ranks.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/left/collectives.h"
#include "harness/trace/row_part.h"

namespace reprise {
namespace {

using Columns = std::map<std::string, std::size_t>;  // name -> index into a trace's columns

Columns columns_of(const Trace& trace, Stage stage) {
  Columns found;
  for (std::size_t i = 0; i < trace.columns().size(); ++i)
    if (trace.columns()[i].stage == stage) found.emplace(trace.columns()[i].name, i);
  return found;
}

std::set<std::string> trained(const Trace& trace) {
  std::set<std::string> names;
  const Columns gradients = columns_of(trace, Stage::gradients);
  for (const auto& [name, index] : columns_of(trace, Stage::weights))
    if (gradients.contains(name)) names.insert(name);
  return names;
}

// A trained weight that no row after a step shows, so that its equality would say nothing; "" if there is
// none. Where optimizers step in turn, a row holds the weights of one.
std::string not_observed(const ProcessTrace& process, std::set<std::string> names) {
  const Columns columns = columns_of(process.trace, Stage::weights);
  for (std::int64_t step = process.trace.last_step(); step > 0 && !names.empty(); --step) {
    const auto row = process.trace.tensors(step);
    std::erase_if(names, [&](const std::string& name) { return row[columns.at(name)].present(); });
  }
  return names.empty()
             ? ""
             : fmt::format("{} of rank {} was not observed after any step", *names.begin(), process.who.rank);
}

// Why the weights of two ranks are not meant to be equal, or "".
std::string not_alike(const ProcessTrace& first, const ProcessTrace& other) {
  const auto names = trained(first.trace);
  if (names.empty()) return fmt::format("no gradient of a weight was seen in rank {}", first.who.rank);
  for (const auto& name : names)
    if (whole_name(name) != name)
      return fmt::format("each rank holds a part of the model: rank {} has {}", first.who.rank, name);
  if (names != trained(other.trace))
    return fmt::format("ranks {} and {} train other tensors: each holds a part of the model", first.who.rank,
                       other.who.rank);
  const Columns a = columns_of(first.trace, Stage::weights), b = columns_of(other.trace, Stage::weights);
  for (const auto& name : names)
    if (first.trace.columns()[a.at(name)].shape != other.trace.columns()[b.at(name)].shape)
      return fmt::format("ranks {} and {} hold {} in other shapes: each has a shard of it", first.who.rank,
                         other.who.rank, name);
  const std::string unseen = not_observed(first, names);
  return unseen.empty() ? not_observed(other, names) : unseen;
}

// The weights of two ranks side by side, read only at steps where they differ.
void compare_rank(const ProcessTrace& first, const ProcessTrace& other, RanksHeld& held) {
  const Trace &a = first.trace, &b = other.trace;
  const auto names = trained(a);
  const Columns columns_a = columns_of(a, Stage::weights), columns_b = columns_of(b, Stage::weights);
  const auto stages_a = a.stage_column(Stage::weights, 0, held.steps),
             stages_b = b.stage_column(Stage::weights, 0, held.steps);
  const std::int64_t last = held.parts ? held.parts->step - 1 : held.steps;
  for (std::int64_t step = 0; step <= last; ++step) {
    if (stages_a[static_cast<std::size_t>(step)] == stages_b[static_cast<std::size_t>(step)]) continue;
    const auto row_a = a.tensors(step), row_b = b.tensors(step);
    RankParts parts{other.who.rank, step, "", 0};
    for (const auto& [name, index] : columns_a) {
      const auto found = columns_b.find(name);
      if (found == columns_b.end() || row_a[index] == row_b[found->second]) continue;
      if (!names.contains(name)) {
        if (std::ranges::find(held.buffers, name) == held.buffers.end()) held.buffers.push_back(name);
        continue;
      }
      if (parts.differing++ == 0) parts.tensor = name;
    }
    if (parts.differing == 0) continue;
    held.parts = parts;
    return;
  }
}

// What the ranks' numbers of collective calls tell of the step in which weights part.
std::string calls_told(const RunTraces& run, std::int64_t step) {
  std::vector<RankCalls> ranks;
  for (const auto& one : run.processes)
    if (auto calls = rank_calls_in(one.trace.path().parent_path(), one.who.rank,
                                   std::min(one.trace.last_step(), step)))
      ranks.push_back(*calls);
  if (ranks.size() != run.processes.size()) return "";
  if (auto uneven = uneven_calls(ranks); !uneven.empty()) return uneven;
  const bool none =
      std::ranges::all_of(ranks, [step](const RankCalls& one) { return one.in(step) == std::int64_t{0}; });
  return none ? fmt::format("in step {} no rank began a collective call", step) : "";
}

// How many samples the first tensor of a rank's batches holds.
std::optional<std::int64_t> batch_of(const Trace& trace) {
  for (const auto& column : trace.columns())
    if (column.stage == Stage::batch && !column.shape.empty()) return column.shape.front();
  return std::nullopt;
}

}  // namespace

std::optional<RanksHeld> ranks_held(const RunTraces& run) {
  const auto& all = run.processes;
  if (all.size() < 2 || run.told_by != ToldBy::rank) return std::nullopt;
  RanksHeld held;
  held.ranks = all.size();
  held.steps = all.front().trace.last_step();
  for (const auto& one : all) {
    held.steps = std::min(held.steps, one.trace.last_step());
    held.longest = std::max(held.longest, one.trace.last_step());
    if (const auto batch = batch_of(one.trace)) held.samples.push_back(*batch);
  }
  if (held.samples.size() != all.size()) held.samples.clear();
  held.tensors = trained(all.front().trace).size();
  for (const auto& one : all)
    if (held.untested.empty()) held.untested = not_alike(all.front(), one);
  if (!held.untested.empty()) return held;
  for (std::size_t i = 1; i < all.size(); ++i) compare_rank(all.front(), all[i], held);
  if (held.parts && held.parts->step > 0) held.parts->calls = calls_told(run, held.parts->step);
  return held;
}

std::string sentence_of(const RanksHeld& held) {
  std::string text;
  if (!held.untested.empty()) {
    text = fmt::format("whether {} ranks hold equal weights is untested: {}", held.ranks, held.untested);
  } else if (held.parts) {
    text = fmt::format(
        "rank {} holds other weights than rank 0 {} ({}; {} of {} trained tensors differ)", held.parts->rank,
        held.parts->step == 0 ? "before training" : fmt::format("from step {} on", held.parts->step),
        held.parts->tensor, held.parts->differing, held.tensors);
    if (!held.parts->calls.empty()) text += "; " + held.parts->calls;
  } else {
    text = fmt::format("{} ranks hold equal weights after each of {} ({})", held.ranks,
                       counted(static_cast<std::size_t>(held.steps), "step"),
                       counted(held.tensors, "trained tensor"));
  }
  if (held.untested.empty() && held.longest > held.steps)
    text += fmt::format("; some ranks go on to step {}, which is not compared", held.longest);
  if (held.untested.empty() && !held.buffers.empty())
    text += fmt::format("; {} that {} not trained differ{} between ranks in some step ({})",
                        counted(held.buffers.size(), "tensor"), held.buffers.size() == 1 ? "is" : "are",
                        held.buffers.size() == 1 ? "s" : "", held.buffers.front());
  if (held.samples.empty()) return text;
  std::vector<std::string> each;
  for (const auto samples : held.samples) each.push_back(std::to_string(samples));
  return fmt::format("{}; {} samples in the first step's batches", text, join(each, " + "));
}

}  // namespace reprise
