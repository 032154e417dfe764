// SPDX-License-Identifier: Apache-2.0
#include "harness/signing/replaying.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/baseline/environment.h"
#include "harness/judge/compare/diff.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/starts.h"
#include "harness/matrix/matrix.h"
#include "harness/plan/environment.h"
#include "harness/plan/recipe.h"
#include "harness/plan/set_pin.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr const char* name = "replay";
constexpr std::size_t most_reasons = 6;

// The pins that differ, and what of the machine does.
std::vector<std::string> differences(const Trace& then, const Trace& now) {
  std::vector<std::string> found;
  for (const auto& [pin, value] : now.plan().pins)
    if (const auto before = pin_value(then.plan().pins, pin); before != value)
      found.push_back(fmt::format("the pin {} is {} here, {} there", pin, value, before));
  for (const auto part : {hardware_of, software_of}) {
    const Facts before = part(then.facts()), here = part(now.facts());
    for (const auto& fact : differing(before, here)) found.push_back(change_words(fact, before, here));
  }
  return found;
}

// "the pin threads is 2 here, 1 there; and 3 more".
std::string listed_differences(std::vector<std::string> found) {
  const std::size_t all = found.size();
  if (all > most_reasons) found.resize(most_reasons);
  return join(found, "; ") + (all > most_reasons ? fmt::format("; and {} more", all - most_reasons) : "");
}

std::string reason(const std::vector<std::string>& found) {
  if (found.empty())
    return "no pin, no file that was seen to be read and nothing of the environment that was recorded "
           "differs: the "
           "training does not repeat itself, or it read what was not seen";
  return "what differs: " + listed_differences(found);
}

// By the metric that the plan declares, as far as one run a side can tell.
std::string metric_words(const Diff& diff, const std::optional<Metric>& metric) {
  if (!metric) return "not equivalent as far as is known: the plan declares no metric with a margin";
  const auto then = diff.traces[0].final_metrics.find(metric->name),
             now = diff.traces[1].final_metrics.find(metric->name);
  if (then == diff.traces[0].final_metrics.end() || now == diff.traces[1].final_metrics.end())
    return fmt::format("not equivalent as far as is known: {} was not measured on both sides", metric->name);
  const double apart = std::abs(then->second - now->second);
  const bool within = apart <= metric->margin;  // false for what is no number
  return fmt::format("{}: {} is {} here, {} there, {} the margin of {} {}",
                     within ? "equivalent, as far as one run a side tells" : "not equivalent", metric->name,
                     number_text(now->second), number_text(then->second), within ? "within" : "beyond",
                     number_text(metric->margin), metric->unit);
}

}  // namespace

Check replay_check(const RunTraces& then, const RunTraces& now) {
  const Trace &before = then.processes.front().trace, &here = now.processes.front().trace;
  const Diff diff = compare({{"signed", before, then}, {"here", here, now}});
  const auto found = differences(before, here);
  if (diff.all_equal())
    return {name, CheckEnd::passed,
            fmt::format("identical, bit for bit, {}{}", extent_of(diff),
                        found.empty() ? "" : ", though " + listed_differences(found))};
  auto reasons = found;
  Starts starts;
  if (const auto unlike = starts.difference(before.path().parent_path(), here.path().parent_path()))
    reasons.insert(reasons.begin(), to_words(*unlike, "the signed run", "this one"));
  const Divergence& first = diff.divergences.front().first;
  return {name, CheckEnd::failed,
          fmt::format("not identical: the bits part {} ({}); {}; {}", when(first), place_of(first),
                      metric_words(diff, before.plan().metric), reason(reasons))};
}

namespace {

const Configuration* first_done(const Matrix& matrix) {
  const auto found = std::ranges::find_if(matrix.configurations, [](const Configuration& one) {
    return one.outcome.done() && !one.folder.empty();
  });
  return found == matrix.configurations.end() ? nullptr : &*found;
}

Plan plan_with(Plan plan, const std::vector<std::string>& pins) {
  for (const auto& text : pins) {
    const auto [pin, value] = cut_assignment(text, "--pin");
    set_pin(plan, pin, value);
  }
  return plan;
}

Check replayed(const ReplayChoices& choices, const Verified& verified) {
  const Matrix matrix = read_matrix(verified.files / verified.statement->evidence.matrix);
  const Configuration* chosen = first_done(matrix);
  if (!chosen) return {name, CheckEnd::untested, "no run of the evidence ended well"};
  const RunTraces then = read_run(chosen->folder);
  const Plan plan = plan_with(then.processes.front().trace.plan(), choices.pins);
  if (const auto why = cannot_run(plan); !why.empty()) return {name, CheckEnd::untested, why};
  const auto results = launch({{chosen->name, plan}}, choices.how);
  if (!results.front().outcome.done())
    return {name, CheckEnd::untested,
            fmt::format("{} did not end well here: {}", chosen->name, results.front().outcome.reason)};
  Check check = replay_check(then, read_run(results.front().folder));
  check.sentence = fmt::format("{}: {}", chosen->name, check.sentence);
  return check;
}

}  // namespace

void check_replay(const ReplayChoices& choices, Verified& verified) {
  if (verified.found.exit_code() != 0)
    return verified.found.leave(name, "the evidence does not hold, so nothing of it was run");
  if (!verified.statement)
    return verified.found.leave(name, "a folder that is signed as a model names no plan to run");
  try {
    verified.found.checks.push_back(replayed(choices, verified));
  } catch (const Error& error) {
    verified.found.leave(name, error.what());
  }
}

}  // namespace reprise
