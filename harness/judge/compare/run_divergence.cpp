// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/run_divergence.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/joined_weights.h"
#include "harness/judge/compare/trace_divergence.h"
#include "harness/judge/compare/world_sizes.h"

namespace reprise {
namespace {

bool was_asked_for_less(const RunTraces& run, const Trace& trace) {
  const std::int64_t until = trace.plan().watch.until;
  return run.cut_short || (until > 0 && trace.last_step() >= until);
}

Divergence missing_process(const ProcessPair& pair) {
  Divergence divergence;
  divergence.stage = "process";
  divergence.process = divergence.tensor = pair.label;
  divergence.last_steps = {pair.a ? pair.a->last_step() : -1, pair.b ? pair.b->last_step() : -1};
  divergence.tensors_differing = divergence.tensors_compared = 1;
  return divergence;
}

}  // namespace

std::optional<std::int64_t> prefix_of(const std::vector<RunTraces>& runs) {
  std::optional<std::int64_t> prefix;
  for (const auto& run : runs)
    for (const auto& process : run.processes)
      if (was_asked_for_less(run, process.trace))
        prefix = std::min(prefix.value_or(process.trace.last_step()), process.trace.last_step());
  return prefix;
}

std::int64_t last_compared(const Trace& trace, std::optional<std::int64_t> prefix) {
  return prefix ? std::min(*prefix, trace.last_step()) : trace.last_step();
}

std::optional<Divergence> divergence_of(const Trace& a, const Trace& b, std::optional<std::int64_t> prefix) {
  const std::int64_t last_a = last_compared(a, prefix), last_b = last_compared(b, prefix),
                     last = std::min(last_a, last_b);
  if (const auto step = first_difference(a, b, last)) return divergence_at(a, b, *step, last);
  if (last_a == last_b) return std::nullopt;
  Divergence divergence;
  divergence.step = last;
  divergence.stage = "length";
  divergence.last_steps = {last_a, last_b};
  return divergence;
}

std::optional<Divergence> divergence_of(const std::vector<ProcessPair>& processes,
                                        std::optional<std::int64_t> prefix) {
  if (hold_other_parts(processes)) return joined_divergence(processes, prefix);
  std::optional<Divergence> first;
  for (const auto& pair : processes) {
    if (!pair.a || !pair.b) {
      const auto trained = world_sizes_divergence(processes, prefix);
      return trained ? trained : missing_process(pair);
    }
    auto found = divergence_of(*pair.a, *pair.b, prefix);
    if (!found || (first && first->step <= found->step)) continue;
    found->process = pair.label;
    first = std::move(found);
  }
  return first;
}

std::optional<Divergence> divergence_of(const RunTraces& a, const RunTraces& b) {
  const std::vector<RunTraces> both{a, b};
  const ProcessMatch match = match_processes(both);
  return divergence_of(paired(a.processes, match.labels[0], b.processes, match.labels[1], match.by_content),
                       prefix_of(both));
}

std::string how_it_ended(const RunTraces& run) {
  const auto labels = match_processes({run}).labels.front();
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ProcessEntry& who = run.processes[i].who;
    const std::string steps = counted(static_cast<std::size_t>(who.made), "step");
    if (labels[i].empty())
      parts.push_back(fmt::format("It had made {}", steps));
    else if (who.ended.empty())
      parts.push_back(fmt::format("{} had made {}", labels[i], steps));
    else
      parts.push_back(fmt::format("{} was ended by {} after step {}", labels[i], who.ended, who.made));
  }
  return listed(parts);
}

std::string agreement(const RunTraces& ended, const RunTraces& whole, const std::string& name) {
  const ProcessMatch match = match_processes({ended, whole});
  for (const auto& pair :
       paired(ended.processes, match.labels[0], whole.processes, match.labels[1], match.by_content)) {
    if (!pair.a) continue;
    if (!pair.b) return fmt::format("; {} has no such process as {}.", name, pair.label);
    const std::int64_t last = std::min(pair.a->last_step(), pair.b->last_step());
    if (const auto found = divergence_of(*pair.a, *pair.b, last))
      return fmt::format("; it parts from {} {} ({}).", name, when(*found), place_of(*found));
  }
  return fmt::format(", equal to those of {} as far as its trace goes.", name);
}

const ProcessTrace& process_named(const RunTraces& run, const std::string& label) {
  if (label.empty()) return run.processes.front();
  const auto labels = match_processes({run}).labels.front();
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == label || fmt::format("process {}", i + 1) == label) return run.processes[i];
  fail("wanted the training process {} of the run {}, found none of that name; its processes are {}", label,
       run.processes.front().trace.path().parent_path().string(), listed(labels));
}

}  // namespace reprise
