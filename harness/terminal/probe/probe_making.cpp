// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/probe/probe_making.h"

#include <algorithm>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/text.h"
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
std::vector<std::string> operators_of(const ProbeChoices& choices, const LaunchOptions& how) {
  std::vector<std::string> named, known;
  for (const auto& name : choices.names)
    if (!is_python(name)) named.push_back(name);
  if (named.empty() && !choices.names.empty()) return {};
  for (const auto& one : probes_of_worker(how)) known.push_back(one.name);
  for (const auto& name : named)
    if (std::ranges::find(known, name) == known.end()) fail("{}", unknown_name("probe", name, known));
  return named.empty() ? known : named;
}

}  // namespace

std::vector<ProbeSubject> chosen_subjects(const ProbeChoices& choices, const LaunchOptions& how) {
  std::vector<ProbeSubject> subjects;
  for (const auto& name : operators_of(choices, how))
    subjects.push_back({name, plan_of_probe(name, choices.order)});
  for (const auto& name : choices.names)
    if (is_python(name)) subjects.push_back(function_in(name, choices));
  return subjects;
}

std::vector<ProbeVerdict> judged_probes(const std::vector<ProbeSubject>& subjects,
                                        const ProbeChoices& choices, const LaunchOptions& how) {
  std::vector<std::vector<ProbeRun>> asked;
  std::vector<Run> runs;
  for (const auto& subject : subjects) {
    asked.push_back(runs_of(subject.baseline, choices.order, choices.causes));
    for (const auto& run : asked.back()) {
      check_plan(run.plan);
      runs.push_back({subject.name + (run.side.empty() ? "" : " " + run.side), run.plan, run.repeat});
    }
  }
  const auto results = launch(runs, how);
  std::vector<ProbeVerdict> verdicts;
  for (std::size_t i = 0, next = 0; i < subjects.size(); ++i) {
    std::vector<SeenCalls> seen;
    for (std::size_t k = 0; k < asked[i].size(); ++k, ++next)
      seen.push_back(seen_calls(results[next].outcome, results[next].folder));
    verdicts.push_back(judge_probe(subjects[i].name, asked[i], seen));
  }
  if (choices.costs) add_costs(asked, verdicts, how);
  if (choices.distances) add_distances(asked, verdicts, how);
  return verdicts;
}

}  // namespace reprise
