// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/diff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "harness/base/error.h"
#include "harness/evidence/told_apart.h"
#include "harness/judge/compare/process_match.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/trace_divergence.h"
#include "harness/trace/row_part.h"

namespace reprise {
namespace {

std::string letter_of(std::size_t index) {
  std::string letters;
  for (++index; index > 0; index = (index - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (index - 1) % 26));
  return letters;
}

void refuse_other_recipes(const std::vector<NamedTrace>& traces) {
  const Plan& first = traces.front().trace.plan();
  for (const auto& [name, trace, run] : traces)
    if (const auto difference = sources_difference(first, trace.plan()); !difference.empty())
      fail("cannot compare {} and {}: they train different things ({}); compare runs of one recipe",
           traces.front().name, name, difference);
}

// One that could not see the modules that no optimizer has says nothing of them.
void refuse_other_stages(const std::vector<NamedTrace>& traces) {
  const auto by_stages = [](const NamedTrace& one) { return one.trace.stages_held(); };
  const auto [fewest, most] = std::ranges::minmax_element(traces, {}, by_stages);
  if (by_stages(*fewest) != by_stages(*most))
    fail(
        "cannot compare {} and {}: modules that no optimizer has were not observed in {}, which an older "
        "reprise made; make it again, with --again where the command is the same",
        traces.front().name, &*most == traces.data() ? fewest->name : most->name, fewest->name);
}

// All losses of a trace, and how many bytes were read for them: a report's curves, no part of comparing.
struct Losses {
  // At steps 1, 2, ...; several traces may share them.
  std::shared_ptr<const std::vector<double>> values = std::make_shared<const std::vector<double>>();
  std::int64_t first_nan = -1;
  std::uint64_t bytes = 0;
};

Losses losses_of(const Trace& trace) {
  Losses losses;
  if (trace.last_step() == 0) return losses;
  const std::uint64_t before = trace.bytes_read();
  const auto values = std::make_shared<const std::vector<double>>(trace.losses(1, trace.last_step()));
  losses.values = values;
  for (std::size_t i = 0; i < values->size() && losses.first_nan < 0; ++i) {
    const auto step = static_cast<std::int64_t>(i) + 1;
    // A step without a loss reads as "not a number" too.
    if (std::isnan((*values)[i]) && !trace.loss(step).dtype.empty()) losses.first_nan = step;
  }
  losses.bytes = trace.bytes_read() - before;
  return losses;
}

// Those of each trace. Of traces whose rows are proven when they are read, one with the chain of an earlier
// one has its losses: they are in the roots.
std::vector<Losses> losses_of_all(const std::vector<NamedTrace>& traces) {
  std::vector<Losses> all;
  std::map<Digest, std::size_t> known;
  for (const auto& [name, trace, run] : traces) {
    const auto earlier = trace.proven_as_read()
                             ? known.try_emplace(trace.chain(trace.last_step()), all.size())
                             : std::pair(known.end(), true);
    if (earlier.second) {
      all.push_back(losses_of(trace));
    } else {
      Losses same = all[earlier.first->second];
      same.bytes = 0;
      all.push_back(std::move(same));
    }
  }
  return all;
}

void add_processes(const RunTraces& run, const std::vector<std::string>& labels, TraceSummary& summary) {
  for (std::size_t i = 0; i < run.processes.size(); ++i) {
    const auto& [who, trace] = run.processes[i];
    summary.processes.push_back({labels[i], who.ended, trace.last_step(), trace.finished(),
                                 trace.chain(trace.last_step()), who.made, trace.why_no_more()});
  }
  summary.chain = chain_of(run);
  summary.finished = std::ranges::all_of(summary.processes, &ProcessSummary::finished);
  summary.execution = run.execution;
}

std::int64_t largest_weight_of(const Trace& trace) {
  std::int64_t largest = 0;
  for (const auto& column : trace.columns()) {
    if (column.stage != Stage::weights) continue;
    std::int64_t elements = 1;
    for (const auto extent : column.shape) elements *= extent;
    largest = std::max(largest, elements);
  }
  return largest;
}

TraceSummary summary_of(const NamedTrace& named, const Losses& losses) {
  const Trace& trace = named.trace;
  TraceSummary summary;
  summary.name = named.name;
  summary.path = trace.path().string();
  summary.plan_id = plan_id(trace.plan());
  summary.last_step = trace.last_step();
  summary.planned_steps = trace.plan().steps;
  summary.final_weights = trace.stages(summary.last_step)[static_cast<std::size_t>(Stage::weights)];
  summary.facts = trace.facts();
  for (const auto& artifact : trace.artifacts())
    summary.facts["artifact." + artifact.name] = to_text(artifact.digest);
  summary.pins = trace.plan().pins;
  summary.largest_weight = largest_weight_of(trace);
  summary.sees_batches =
      std::ranges::any_of(trace.columns(), [](const auto& column) { return column.stage == Stage::batch; });
  for (const auto& column : trace.columns())
    if (column.stage == Stage::rng && column.name.starts_with("torch.cuda"))
      summary.gpu_unrecorded = !summary.facts.contains("gpu.uuid");
  const auto readings = trace.pin_checks();
  summary.pin_checks = readings.size();
  summary.pins_held = readings_as_planned(trace.plan(), readings);
  summary.pin_changes = pin_changes(trace.plan(), readings);
  for (const auto& [step, metric] : trace.metrics()) summary.final_metrics[metric.name] = metric.value;
  summary.final_loss = losses.values->empty() ? NAN : losses.values->back();
  summary.first_nan = losses.first_nan;
  return summary;
}

// What runs left can be compared if all were asked for the same, and for all their steps.
bool same_artifacts_asked(const Diff& diff, const std::vector<NamedTrace>& traces) {
  return !diff.prefix && std::ranges::all_of(traces, [&](const NamedTrace& one) {
    return one.trace.plan().watch.artifacts == traces.front().trace.plan().watch.artifacts;
  });
}

// Where every step agrees but not what was left: told as of the last step.
Divergence artifacts_parting(const Trace& a, const Trace& b, std::int64_t step) {
  std::map<std::string, std::pair<Digest, Digest>> both;
  for (const auto& artifact : a.artifacts()) both[artifact.name].first = artifact.digest;
  for (const auto& artifact : b.artifacts()) both[artifact.name].second = artifact.digest;
  Divergence divergence;
  divergence.step = step;
  divergence.stage = "artifacts";
  divergence.tensors_compared = both.size();
  for (const auto& [name, digests] : both) {
    if (digests.first == digests.second) continue;
    if (divergence.tensors_differing++ == 0) divergence.tensor = name;
  }
  return divergence;
}

// Where no step differs: what was left; else only the row parts, by which ranks share the same weights.
Divergence beside_all_steps(const Trace& a, const Trace& b, std::int64_t step) {
  Divergence divergence = artifacts_parting(a, b, step);
  if (divergence.tensors_differing > 0) return divergence;
  divergence.stage = "layout";
  divergence.tensors_compared =
      static_cast<std::size_t>(std::ranges::count_if(a.columns(), [](const Column& column) {
        return column.stage == Stage::weights && !is_row_part(column);
      }));
  return divergence;
}

// Everything that is compared, side by side.
struct Compared {
  const std::vector<NamedTrace>& traces;
  std::vector<RunTraces> runs;
  ProcessMatch match;
  std::vector<Losses> losses;  // of each run's first process
};

// What two runs must have in common to be of one class: of each process its chain at the last step compared,
// which binds the step too, and what was left.
using Kind = std::pair<std::map<std::string, Digest>, Digest>;

Kind kind_of(const Diff& diff, const Compared& all, std::size_t i, bool by_artifacts) {
  Kind kind;
  const auto& processes = all.runs[i].processes;
  for (std::size_t p = 0; p < processes.size(); ++p) {
    const Trace& trace = processes[p].trace;
    kind.first[all.match.labels[i][p]] = trace.chain(last_compared(trace, diff.prefix));
  }
  if (by_artifacts) kind.second = all.traces[i].trace.artifacts_digest();
  return kind;
}

void sort_into_classes(Diff& diff, const Compared& all) {
  std::vector<Kind> kinds;
  const bool by_artifacts = same_artifacts_asked(diff, all.traces);
  for (std::size_t i = 0; i < all.traces.size(); ++i) {
    const Kind kind = kind_of(diff, all, i, by_artifacts);
    const auto known = std::find(kinds.begin(), kinds.end(), kind);
    const auto index = static_cast<std::size_t>(known - kinds.begin());
    if (known == kinds.end()) {
      kinds.push_back(kind);
      const auto begin = all.losses[i].values->begin();
      diff.classes.push_back({letter_of(index), {}, {begin, begin + diff.steps}});
    }
    diff.classes[index].members.push_back(i);
    diff.traces[i].in_class = index;
  }
}

// Of the process in which two runs part.
std::vector<double> loss_distance(const std::vector<ProcessPair>& pairs, const std::string& process) {
  const auto pair = std::ranges::find(pairs, process, &ProcessPair::label);
  if (pair == pairs.end() || !pair->a || !pair->b) return {};
  const std::vector<double> a = *losses_of(*pair->a).values, b = *losses_of(*pair->b).values;
  std::vector<double> apart;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) apart.push_back(std::abs(a[i] - b[i]));
  return apart;
}

ClassDivergence split_of(const Diff& diff, const Compared& all, std::size_t a, std::size_t b) {
  const std::size_t i = diff.classes[a].members.front(), j = diff.classes[b].members.front();
  const Trace &left = all.traces[i].trace, &right = all.traces[j].trace;
  const auto pairs = paired(all.runs[i].processes, all.match.labels[i], all.runs[j].processes,
                            all.match.labels[j], all.match.by_content);
  ClassDivergence divergence;
  divergence.a = a;
  divergence.b = b;
  const auto found = divergence_of(pairs, diff.prefix);
  divergence.first = found ? *found : beside_all_steps(left, right, diff.steps);
  divergence.distance = checkpoint_distance(left, right);
  divergence.loss_distance = loss_distance(pairs, divergence.first.process);
  return divergence;
}

}  // namespace

const ClassDivergence* divergence_between(const Diff& diff, std::size_t class_a, std::size_t class_b) {
  const auto [a, b] = std::minmax(class_a, class_b);
  for (const auto& divergence : diff.divergences)
    if (divergence.a == a && divergence.b == b) return &divergence;
  return nullptr;
}

std::optional<std::int64_t> Diff::divergence(std::size_t trace_a, std::size_t trace_b) const {
  const ClassDivergence* divergence =
      divergence_between(*this, traces.at(trace_a).in_class, traces.at(trace_b).in_class);
  return divergence != nullptr ? std::optional(divergence->first.step) : std::nullopt;
}

RunTraces run_of(const NamedTrace& named) {
  if (named.run) return *named.run;
  return run_of_one(named.trace);
}

Digest chain_of(const RunTraces& run) {
  const auto labels = match_processes({run}).labels.front();
  std::vector<std::pair<std::string, Digest>> members;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Trace& trace = run.processes[i].trace;
    members.emplace_back(labels[i], trace.chain(trace.last_step()));
  }
  return members.size() == 1 ? members.front().second : set_digest("run", members);
}

Diff compare(const std::vector<NamedTrace>& traces) {
  if (traces.empty()) fail("wanted at least one trace to compare, found none");
  refuse_other_recipes(traces);
  refuse_other_stages(traces);
  for (const auto& [name, trace, run] : traces)
    if (trace.first_step() > 0)
      fail("{} begins after step {}: it is a closer look and no whole run; name the run it was made for",
           name, trace.first_step());
  Compared all{traces, {}, {}, {}};
  for (const auto& named : traces) all.runs.push_back(run_of(named));
  all.match = match_processes(all.runs);
  Diff diff;
  diff.recipe = traces.front().trace.plan().recipe;
  diff.recipe_id = recipe_id(traces.front().trace.plan());
  diff.prefix = prefix_of(all.runs);
  diff.matched_by_content = all.match.by_content;
  diff.steps = last_compared(traces.front().trace, diff.prefix);
  all.losses = losses_of_all(traces);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    diff.traces.push_back(summary_of(traces[i], all.losses[i]));
    add_processes(all.runs[i], all.match.labels[i], diff.traces.back());
    diff.steps = std::min(diff.steps, last_compared(traces[i].trace, diff.prefix));
  }
  sort_into_classes(diff, all);
  for (std::size_t a = 0; a < diff.classes.size(); ++a)
    for (std::size_t b = a + 1; b < diff.classes.size(); ++b)
      diff.divergences.push_back(split_of(diff, all, a, b));
  for (std::size_t i = 0; i < traces.size(); ++i)
    diff.bytes_read += traces[i].trace.bytes_read() - all.losses[i].bytes;
  return diff;
}

Parting parting_of(const Divergence& divergence) {
  if (divergence.stage == "length") return Parting::length;
  if (divergence.stage == "process") return Parting::process;
  if (divergence.stage == "layout") return Parting::layout;
  return divergence.stage == "artifacts" ? Parting::artifacts : Parting::bits;
}

bool has_place(const Divergence& divergence) {
  const Parting parting = parting_of(divergence);
  return parting == Parting::bits || parting == Parting::artifacts;
}

}  // namespace reprise
