// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/diff.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/error.h"
#include "harness/judge/parting.h"

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
  for (const auto& [name, trace] : traces)
    if (recipe_id(trace.plan()) != recipe_id(first))
      fail("cannot compare {} and {}: they train different things ({}); compare runs of one recipe",
           traces.front().name, name, recipe_difference(first, trace.plan()));
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
  std::vector<double> values;  // at steps 1, 2, ...
  std::int64_t first_nan = -1;
  std::uint64_t bytes = 0;
};

Losses losses_of(const Trace& trace) {
  Losses losses;
  if (trace.last_step() == 0) return losses;
  const std::uint64_t before = trace.bytes_read();
  losses.values = trace.losses(1, trace.last_step());
  for (std::size_t i = 0; i < losses.values.size() && losses.first_nan < 0; ++i) {
    const auto step = static_cast<std::int64_t>(i) + 1;
    // A step without a loss reads as "not a number" too.
    if (std::isnan(losses.values[i]) && !trace.loss(step).dtype.empty()) losses.first_nan = step;
  }
  losses.bytes = trace.bytes_read() - before;
  return losses;
}

TraceSummary summary_of(const NamedTrace& named, const Losses& losses) {
  const Trace& trace = named.trace;
  TraceSummary summary;
  summary.name = named.name;
  summary.path = trace.path().string();
  summary.plan_id = plan_id(trace.plan());
  summary.last_step = trace.last_step();
  summary.planned_steps = trace.plan().steps;
  summary.finished = trace.finished();
  summary.chain = trace.chain(summary.last_step);
  summary.final_weights = trace.stages(summary.last_step)[static_cast<std::size_t>(Stage::weights)];
  summary.facts = trace.facts();
  for (const auto& artifact : trace.artifacts())
    summary.facts["artifact." + artifact.name] = to_text(artifact.digest);
  summary.pins = trace.plan().pins;
  for (const auto& column : trace.columns()) {
    if (column.stage == Stage::rng && column.name.starts_with("torch.cuda"))
      summary.gpu_unrecorded = !summary.facts.contains("gpu.uuid");
    if (column.stage != Stage::weights) continue;
    std::int64_t elements = 1;
    for (const auto extent : column.shape) elements *= extent;
    summary.largest_weight = std::max(summary.largest_weight, elements);
  }
  const auto readings = trace.pin_checks();
  summary.pin_checks = readings.size();
  summary.pins_held = readings_as_planned(trace.plan(), readings);
  summary.pin_changes = pin_changes(trace.plan(), readings);
  for (const auto& [step, metric] : trace.metrics()) summary.final_metrics[metric.name] = metric.value;
  summary.final_loss = losses.values.empty() ? NAN : losses.values.back();
  summary.first_nan = losses.first_nan;
  return summary;
}

// What runs left can be compared if all were asked for the same.
bool same_artifacts_asked(const std::vector<NamedTrace>& traces) {
  return std::ranges::all_of(traces, [&](const NamedTrace& one) {
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

// Sorts the traces into classes by their chain at the last step they have in common, and by what they left.
void sort_into_classes(Diff& diff, const std::vector<NamedTrace>& traces, const std::vector<Losses>& losses) {
  std::vector<std::pair<Digest, Digest>> kinds;
  const bool by_artifacts = same_artifacts_asked(traces);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const Trace& trace = traces[i].trace;
    const std::pair kind{trace.chain(diff.steps), by_artifacts ? trace.artifacts_digest() : Digest{}};
    const auto known = std::find(kinds.begin(), kinds.end(), kind);
    const auto index = static_cast<std::size_t>(known - kinds.begin());
    if (known == kinds.end()) {
      kinds.push_back(kind);
      const auto begin = losses[i].values.begin();
      diff.classes.push_back({letter_of(index), {}, {begin, begin + diff.steps}});
    }
    diff.classes[index].members.push_back(i);
    diff.traces[i].in_class = index;
  }
}

Split split_of(const Diff& diff, const std::vector<NamedTrace>& traces, std::size_t a, std::size_t b) {
  const Trace& left = traces[diff.classes[a].members.front()].trace;
  const Trace& right = traces[diff.classes[b].members.front()].trace;
  Split split;
  split.a = a;
  split.b = b;
  const auto step = first_difference(left, right, diff.steps);
  split.first =
      step ? divergence_at(left, right, *step, diff.steps) : artifacts_parting(left, right, diff.steps);
  split.distance = checkpoint_distance(left, right);
  for (std::size_t i = 0; i < diff.classes[a].losses.size(); ++i)
    split.loss_distance.push_back(std::abs(diff.classes[a].losses[i] - diff.classes[b].losses[i]));
  return split;
}

}  // namespace

const Split* split_between(const Diff& diff, std::size_t class_a, std::size_t class_b) {
  const auto [a, b] = std::minmax(class_a, class_b);
  for (const auto& split : diff.splits)
    if (split.a == a && split.b == b) return &split;
  return nullptr;
}

std::optional<std::int64_t> Diff::parting(std::size_t trace_a, std::size_t trace_b) const {
  const Split* split = split_between(*this, traces.at(trace_a).in_class, traces.at(trace_b).in_class);
  return split != nullptr ? std::optional(split->first.step) : std::nullopt;
}

Diff compare(const std::vector<NamedTrace>& traces) {
  if (traces.empty()) fail("wanted at least one trace to compare, found none");
  refuse_other_recipes(traces);
  refuse_other_stages(traces);
  for (const auto& [name, trace] : traces)
    if (trace.first_step() > 0)
      fail("{} begins after step {}: it is a closer look and no whole run; name the run it was made for",
           name, trace.first_step());
  Diff diff;
  diff.recipe = traces.front().trace.plan().recipe;
  diff.recipe_id = recipe_id(traces.front().trace.plan());
  diff.steps = traces.front().trace.last_step();
  std::vector<Losses> losses;
  for (const auto& named : traces) {
    losses.push_back(losses_of(named.trace));
    diff.traces.push_back(summary_of(named, losses.back()));
    diff.steps = std::min(diff.steps, named.trace.last_step());
  }
  sort_into_classes(diff, traces, losses);
  for (std::size_t a = 0; a < diff.classes.size(); ++a)
    for (std::size_t b = a + 1; b < diff.classes.size(); ++b)
      diff.splits.push_back(split_of(diff, traces, a, b));
  for (std::size_t i = 0; i < traces.size(); ++i)
    diff.bytes_read += traces[i].trace.bytes_read() - losses[i].bytes;
  return diff;
}

}  // namespace reprise
