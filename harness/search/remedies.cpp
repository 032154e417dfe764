// SPDX-License-Identifier: Apache-2.0
#include "harness/search/remedies.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/launch/run_folder.h"

namespace reprise {
namespace {

constexpr std::int64_t steps_beyond = 10;

Run short_run(const Side& side, const std::string& name, std::int64_t until, int repeat) {
  Run run = side.run;
  run.name = name;
  run.repeat = repeat;
  run.plan.watch.keep = Keep::none;
  run.plan.watch.until = until;
  return run;
}

Run with_remedy(Run run, const Remedy& remedy) {
  for (const auto& [pin, value] : remedy.pins) {
    check_pin(pick_pin(pin), value);
    run.plan.pins[pin] = value;
  }
  run.name += " with " + remedy.text;
  return run;
}

RemedyTried judged(const RunResult& a, const RunResult& b, const Remedy& remedy, std::int64_t step,
                   std::int64_t until, std::optional<double> usual, const std::string& process) {
  RemedyTried tried{remedy.text, false, false, until, std::nullopt, ""};
  for (const auto* result : {&a, &b}) {
    if (result->outcome.done()) continue;
    tried.reason = result->outcome.reason;
    return tried;
  }
  // A command may end before.
  const RunTraces run_a = read_run(a.folder), run_b = read_run(b.folder);
  const Trace &left = process_named(run_a, process).trace, &right = process_named(run_b, process).trace;
  tried.until = std::min({until, left.last_step(), right.last_step()});
  if (tried.until < step) {
    tried.reason =
        fmt::format("it ends at step {}, before the step at which the two sides part", tried.until);
    return tried;
  }
  tried.tried = true;
  tried.equal = !divergence_of(run_a, run_b).has_value();
  const auto now = step_milliseconds(a.folder);
  if (usual && now && *usual > 0) tried.step_time = *now / *usual;
  return tried;
}

}  // namespace

std::vector<RemedyTried> try_remedies(const Sides& sides, std::int64_t step,
                                      const std::vector<Remedy>& remedies, const LaunchOptions& options) {
  if (remedies.empty()) return {};
  const std::int64_t until = std::min(last_step_of(sides[0]->run.plan), step + steps_beyond);
  std::vector<Run> runs{short_run(*sides[0], sides[0]->name, until, 1)};
  for (const auto& remedy : remedies) {
    for (std::size_t side = 0; side < 2; ++side)
      runs.push_back(with_remedy(short_run(*sides[side], sides[side]->name, until, 1), remedy));
    // Where the remedy makes the two sides one plan, that plan is run twice.
    if (plan_id(runs.back().plan) == plan_id(runs[runs.size() - 2].plan)) runs.back().repeat = 2;
  }
  LaunchOptions alone = options;
  alone.cores = 1;  // one at a time: side by side they would distort each other's step times
  const auto results = launch(runs, alone);
  const auto usual = results[0].outcome.done() ? step_milliseconds(results[0].folder) : std::nullopt;
  std::vector<RemedyTried> tried;
  for (std::size_t i = 0; i < remedies.size(); ++i)
    tried.push_back(
        judged(results[2 * i + 1], results[2 * i + 2], remedies[i], step, until, usual, sides[0]->process));
  return tried;
}

}  // namespace reprise
