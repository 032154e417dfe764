// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/diff.h"

#include <algorithm>
#include <cmath>

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

TraceSummary summary_of(const NamedTrace& named) {
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
  summary.pins = trace.plan().pins;
  summary.pin_checks = trace.pin_checks().size();
  for (const auto& [step, metric] : trace.metrics()) summary.final_metrics[metric.name] = metric.value;
  const auto losses = summary.last_step > 0 ? trace.losses(1, summary.last_step) : std::vector<double>();
  summary.final_loss = losses.empty() ? NAN : losses.back();
  const auto bad = std::find_if(losses.begin(), losses.end(), [](double loss) { return std::isnan(loss); });
  if (bad != losses.end()) summary.first_nan = 1 + (bad - losses.begin());
  return summary;
}

// Sorts the traces into classes by their chain at the last step they have in common.
void sort_into_classes(Diff& diff, const std::vector<NamedTrace>& traces) {
  std::vector<Digest> chains;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const Digest chain = traces[i].trace.chain(diff.steps);
    const auto known = std::find(chains.begin(), chains.end(), chain);
    const auto index = static_cast<std::size_t>(known - chains.begin());
    if (known == chains.end()) {
      chains.push_back(chain);
      diff.classes.push_back({letter_of(index), {}, {}});
      if (diff.steps > 0) diff.classes.back().losses = traces[i].trace.losses(1, diff.steps);
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
  check(step.has_value(), "two classes differ somewhere");
  split.first = divergence_at(left, right, *step, diff.steps);
  split.distance = checkpoint_distance(left, right);
  for (std::size_t i = 0; i < diff.classes[a].losses.size(); ++i)
    split.loss_distance.push_back(std::abs(diff.classes[a].losses[i] - diff.classes[b].losses[i]));
  return split;
}

}  // namespace

std::optional<std::int64_t> Diff::parting(std::size_t trace_a, std::size_t trace_b) const {
  const std::size_t a = std::min(traces.at(trace_a).in_class, traces.at(trace_b).in_class);
  const std::size_t b = std::max(traces.at(trace_a).in_class, traces.at(trace_b).in_class);
  for (const auto& split : splits)
    if (split.a == a && split.b == b) return split.first.step;
  return std::nullopt;
}

Diff compare(const std::vector<NamedTrace>& traces) {
  if (traces.empty()) fail("wanted at least one trace to compare, found none");
  refuse_other_recipes(traces);
  Diff diff;
  diff.recipe = traces.front().trace.plan().recipe;
  diff.recipe_id = recipe_id(traces.front().trace.plan());
  diff.steps = traces.front().trace.last_step();
  for (const auto& named : traces) {
    diff.traces.push_back(summary_of(named));
    diff.steps = std::min(diff.steps, named.trace.last_step());
  }
  sort_into_classes(diff, traces);
  for (std::size_t a = 0; a < diff.classes.size(); ++a)
    for (std::size_t b = a + 1; b < diff.classes.size(); ++b)
      diff.splits.push_back(split_of(diff, traces, a, b));
  for (const auto& named : traces) diff.bytes_read += named.trace.bytes_read();
  return diff;
}

}  // namespace reprise
