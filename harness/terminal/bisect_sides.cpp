// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/bisect_sides.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/unread.h"
#include "harness/matrix/axis.h"
#include "harness/plan/node_kind.h"
#include "harness/terminal/reporting.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

// Where two sides part, they mostly do in the first steps: these are run before all of them are.
constexpr std::int64_t first_steps = 20;

Configuration configuration_of(const Side& side, const Outcome& outcome) {
  return {side.name, {}, plan_id(side.run.plan), side.folder, outcome};
}

// One side as typed: axis values apply to the plan in turn.
Run chosen_run(const Recipe& recipe, const Plan& base, const NodeKinds& kinds, const std::string& text) {
  if (trim(text).empty())
    fail("wanted two choices after --between, such as threads=1 threads=2, found an empty one");
  Run run{text, base, 1};
  for (const auto& word : split(text, ' ')) {
    if (word.empty()) continue;
    const auto [name, value] = cut_assignment(word, "--between");
    if (name == "repeat")
      fail("wanted two choices after --between, found {}; leave --between out to compare two repeats", word);
    if (name == "device")
      set_pin_or_kind(run.plan, name, value, kinds);
    else
      pick_axis(name).apply(run.plan, value);
  }
  check_choices(recipe, run.plan);
  check_plan(run.plan);
  return run;
}

Matrix matrix_of(const LaunchChoices& choices, const std::vector<std::string>& between, const Plan& plan) {
  Matrix matrix;
  matrix.recipe = plan.recipe;
  matrix.design = Design::one;
  std::vector<std::string> sides;
  if (!between.empty()) sides = {"--between", between[0], between[1]};
  matrix.command = typed_again("bisect", choices, sides);
  return matrix;
}

// Launches both; fills in folders and outcomes.
std::vector<RunResult> launch_both(const BisectSides& both, std::int64_t until,
                                   const LaunchOptions& options) {
  std::vector<Run> runs;
  for (const auto& side : both.sides) {
    runs.push_back(side.run);
    runs.back().plan.watch.until = until;
  }
  return launch(runs, options);
}

bool differ(const std::vector<RunResult>& results) {
  return divergence_of(read_run(results[0].folder), read_run(results[1].folder)).has_value();
}

bool all_done(const std::vector<RunResult>& results) {
  return std::ranges::all_of(results, [](const RunResult& result) { return result.outcome.done(); });
}

bool on_disk(const BisectSides& both, const LaunchOptions& options) {
  return !options.again && std::ranges::all_of(both.sides, [&](const Side& side) {
    return standing_run(side.run, options).has_value();
  });
}

// The whole runs if they are there; else the first steps, and all of them only if these do not part.
void run_both(BisectSides& both, const LaunchOptions& options) {
  const Plan& plan = both.sides[0].run.plan;
  const bool try_short =
      plan.watch.until == 0 && (plan.command || plan.steps > first_steps) &&
      std::max(both.sides[0].run.plan.resume_at, both.sides[1].run.plan.resume_at) < first_steps &&
      !on_disk(both, options);
  auto results = launch_both(both, try_short ? first_steps : plan.watch.until, options);
  if (try_short && all_done(results) && !differ(results)) results = launch_both(both, 0, options);
  for (std::size_t i = 0; i < 2; ++i) {
    Side& side = both.sides[i];
    side.folder = results[i].folder;
    both.matrix.configurations.push_back(configuration_of(side, results[i].outcome));
    if (results[i].outcome.done() || !both.untested.empty()) continue;
    both.untested = fmt::format("{} does not run here ({}): {}", side.name,
                                to_text(results[i].outcome.ending), results[i].outcome.reason);
  }
}

}  // namespace

Plan without_closer_look(Plan plan) {
  Watch usual{plan.watch.checkpoint_every, plan.watch.keep, 0, 0, {}, std::nullopt, std::nullopt};
  usual.fresh = plan.watch.fresh;
  plan.watch = usual;
  return plan;
}

BisectSides sides_of_traces(const std::vector<std::string>& arguments) {
  auto [matrix, traces] = traces_of(arguments);
  BisectSides both;
  both.matrix = matrix;
  both.matrix.command.at(1) = "bisect";
  for (std::size_t i = 0; i < 2; ++i) {
    Side& side = both.sides[i];
    side.name = traces[i].name;
    side.folder = traces[i].trace.path().parent_path();
    side.run = {side.name, without_closer_look(traces[i].trace.plan()), static_cast<int>(i) + 1};
    take_order(side.run.plan, side.folder / order_file_name);
    both.matrix.configurations[i].folder = side.folder;
  }
  return both;
}

BisectSides sides_of_recipe(const LaunchChoices& choices, const std::vector<std::string>& between,
                            const LaunchOptions& options) {
  const Recipe recipe = chosen_recipe(choices);
  const Choices typed = typed_choices(choices);
  const Plan plan = plan_of(recipe, typed);
  BisectSides both;
  both.matrix = matrix_of(choices, between, plan);
  for (std::size_t i = 0; i < 2; ++i) {
    Side& side = both.sides[i];
    side.run = between.empty() ? Run{"", plan, static_cast<int>(i) + 1}
                               : chosen_run(recipe, plan, chosen_site(choices).devices(), between[i]);
    side.name = between.empty() ? fmt::format("repeat={}", i + 1) : between[i];
    side.run.name = side.name;
  }
  if (!between.empty() && plan_id(both.sides[0].run.plan) == plan_id(both.sides[1].run.plan))
    fail("{} and {} are the same plan; leave --between out to compare two repeats of it", between[0],
         between[1]);
  // What another machine reads is not known here.
  if (!between.empty() && !is_made_elsewhere(plan, options))
    both.untested = no_evidence_here(both.sides[0].run.plan, both.sides[1].run.plan);
  if (both.untested.empty()) run_both(both, options);
  return both;
}

}  // namespace reprise
