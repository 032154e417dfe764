// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/probe/probe_making.h"

#include <algorithm>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/pin_readers.h"
#include "harness/launch/worker_probes.h"
#include "harness/plan/recipe.h"
#include "harness/terminal/probe/probe_costs.h"
#include "harness/terminal/probe/probe_distances.h"
#include "harness/watch/recorder.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

bool is_python(const std::string& name) { return name.ends_with(".py"); }

ProbeSubject function_in(const std::string& file, const ProbeChoices& choices) {
  if (!fs::is_regular_file(file))
    fail("wanted a Python file with a function to probe, found none at {}", file);
  Plan plan = recipe_of_command({choices.python, probing_script().string(), file, "--calls", "{calls}",
                                 "--load", "{load}", "--seed", "{seed}", "--device", "{device}"})
                  .defaults;
  const std::string name = fs::path(file).stem().string();
  plan.recipe = "probe-" + name;
  plan.parameters = {{"calls", choices.order.repeats}, {"load", std::int64_t{0}}};
  plan.pins = choices.order.pins;
  return {name, plan};
}

// Named ones; without a name all that the worker has.
std::vector<ProbeListed> operators_of(const ProbeChoices& choices, const LaunchOptions& how) {
  std::vector<std::string> named;
  for (const auto& name : choices.names)
    if (!is_python(name)) named.push_back(name);
  if (named.empty() && !choices.names.empty()) return {};
  const std::vector<ProbeListed> known = probes_of_worker(how);
  if (named.empty()) return known;
  std::vector<ProbeListed> chosen;
  for (const auto& name : named) {
    const auto found = std::ranges::find(known, name, &ProbeListed::name);
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const auto& one : known) names.push_back(one.name);
      fail("{}", unknown_name("probe", name, names));
    }
    chosen.push_back(*found);
  }
  return chosen;
}

// Of the processor on which the baseline ran, as of a run that is still to come.
Host host_before(const Facts& facts) {
  Host host = host_of(facts);
  host.observed = false;
  return host;
}

std::vector<Run> named_runs(const ProbeSubject& subject, const std::vector<ProbeRun>& asked) {
  std::vector<Run> runs;
  for (const auto& run : asked) {
    check_plan(run.plan);
    runs.push_back({subject.name + (run.side.empty() ? "" : " " + run.side), run.plan, run.repeat});
  }
  return runs;
}

std::vector<SeenCalls> seen_in(const std::vector<Run>& runs, const LaunchOptions& how) {
  std::vector<SeenCalls> seen;
  for (const auto& result : launch(runs, how)) seen.push_back(seen_calls(result.outcome, result.folder));
  return seen;
}

}  // namespace

std::vector<ProbeSubject> chosen_subjects(const ProbeChoices& choices, const LaunchOptions& how) {
  std::vector<ProbeSubject> subjects;
  for (const auto& one : operators_of(choices, how))
    subjects.push_back({one.name, plan_of_probe(one.name, choices.order), one.rows});
  for (const auto& name : choices.names)
    if (is_python(name)) subjects.push_back(function_in(name, choices));
  return subjects;
}

std::optional<Outcome> told_without(const ProbeSubject& subject, const ProbeRun& run,
                                    const SeenCalls& baseline) {
  const auto untested = [](const std::string& why) {
    Outcome outcome;
    outcome.ending = Ending::skipped;
    outcome.reason = why;
    return outcome;
  };
  if (run.cause == Cause::batch && !subject.rows)
    return untested(
        fmt::format("probe/{} has no rows of a batch that do not depend on each other", subject.name));
  // Deterministic mode may be what refuses it.
  const bool same_mode =
      pin_value(run.plan.pins, "deterministic") == pin_value(subject.baseline.pins, "deterministic");
  if (!baseline.outcome.done())
    return same_mode ? std::optional(untested(baseline.outcome.reason)) : std::nullopt;
  const Host host = host_before(baseline.facts);
  const std::string unread = no_evidence(subject.baseline, host, run.plan, host);
  return unread.empty() ? std::nullopt : std::optional(untested(unread));
}

std::vector<ProbeVerdict> judged_probes(const std::vector<ProbeSubject>& subjects,
                                        const ProbeChoices& choices, const LaunchOptions& how) {
  std::vector<std::vector<ProbeRun>> asked;
  std::vector<std::vector<Run>> runs;
  std::vector<Run> baselines, others;
  for (const auto& subject : subjects) {
    asked.push_back(runs_of(subject.baseline, choices.order, choices.causes));
    runs.push_back(named_runs(subject, asked.back()));
    baselines.push_back(runs.back().front());
  }
  const auto first = seen_in(baselines, how);
  std::vector<std::vector<std::optional<Outcome>>> told(subjects.size());
  for (std::size_t i = 0; i < subjects.size(); ++i)
    for (std::size_t k = 1; k < runs[i].size(); ++k)
      if (!told[i].emplace_back(told_without(subjects[i], asked[i][k], first[i])))
        others.push_back(runs[i][k]);
  const auto later = seen_in(others, how);
  std::vector<ProbeVerdict> verdicts;
  for (std::size_t i = 0, next = 0; i < subjects.size(); ++i) {
    std::vector<SeenCalls> seen = {first[i]};
    for (const auto& outcome : told[i]) seen.push_back(outcome ? SeenCalls{*outcome, {}} : later[next++]);
    verdicts.push_back(judge_probe(subjects[i].name, asked[i], seen));
  }
  if (choices.costs) add_costs(asked, verdicts, how);
  if (choices.distances) add_distances(asked, verdicts, how);
  return verdicts;
}

}  // namespace reprise
