// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/matrix_making.h"

#include <algorithm>
#include <iostream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/launch/emulator.h"
#include "harness/launch/executor.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/unread.h"
#include "harness/plan/devices.h"
#include "harness/plan/environment.h"
#include "harness/search/claim/read_files.h"
#include "harness/search/own_pair_runs.h"
#include "harness/search/self_testing.h"
#include "harness/terminal/claim_options.h"
#include "harness/terminal/gpu_forecast.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/planning.h"
#include "harness/terminal/reporting.h"
#include "harness/trace/trace.h"
#include "reports/layout/format.h"

namespace reprise {

namespace fs = std::filesystem;

std::string TimeBudget::words() const {
  return fmt::format("the budget of {} was used up", duration_words(given));
}

TimeBudget budget_of(std::chrono::seconds given) {
  if (given.count() == 0) return {};
  return {given, std::chrono::steady_clock::now() + given};
}

TimeBudget sooner(const TimeBudget& a, const TimeBudget& b) {
  if (!a.end || !b.end) return a.end ? a : b;
  return *a.end <= *b.end ? a : b;
}

fs::path find_matrix_file(const std::string& typed) {
  const fs::path path(typed);
  if (typed.empty() || path.has_parent_path() || fs::exists(path)) return path;
  const fs::path shipped = shipped_recipes() / "matrices" / (path.stem().string() + ".toml");
  return fs::exists(shipped) ? shipped.lexically_normal() : path;
}

namespace {

TypedClaim typed_of(const ScriptMetric& metric) {
  TypedClaim typed;
  typed.metric = metric.metric;
  typed.file = metric.file;
  typed.key = metric.key;
  typed.take = metric.take;
  typed.better = metric.better;
  typed.unit = metric.unit;
  typed.margin = metric.margin;
  return typed;
}

}  // namespace

MatrixFileWords matrix_file_words() {
  MatrixFileWords known;
  for (const auto& [name, unused] : formats_shelf()) known.formats.emplace_back(name);
  for (const auto& [name, unused] : executors_shelf()) known.executors.emplace_back(name);
  for (const auto& word : words_of(Take::last)) known.takes.emplace_back(word.text);
  known.check_metric = [](const ScriptMetric& metric) { metric_claim_of(typed_of(metric)); };
  return known;
}

MatrixOrder order_of(const MatrixEntry& entry, const LaunchChoices& common) {
  MatrixOrder order;
  order.launch = common;
  order.launch.recipe = entry.recipe;
  order.launch.words = entry.words;
  order.launch.set = entry.set;
  order.launch.pin = entry.pin;
  order.launch.fresh = entry.fresh;
  if (entry.time_limit.count() > 0)
    order.launch.time_limit_seconds = static_cast<double>(entry.time_limit.count());
  order.axes = entry.axes;
  order.design = entry.design;
  order.bisect = entry.bisect;
  if (entry.metric) order.typed = typed_of(*entry.metric);
  return order;
}

namespace {

std::vector<std::string> command_line(const MatrixOrder& order) {
  std::vector<std::string> more;
  for (const auto& axis : order.axes) more.insert(more.end(), {"--axis", axis});
  if (order.bisect == Bisecting::few)
    more.emplace_back("--bisect");
  else if (order.bisect != Bisecting::off)
    more.insert(more.end(), {"--bisect", std::string(to_text(order.bisect))});
  if (order.design != Design::one) more.insert(more.end(), {"--design", std::string(to_text(order.design))});
  if (order.no_own_seeds) more.emplace_back("--no-own-seeds");
  for (const auto& word : words_of_typed(order.typed)) more.push_back(word);
  return typed_again("matrix", order.launch, more);
}

// A matrix is named by what it runs, so that the same command finds the same folder again.
std::string matrix_id(const Matrix& matrix) {
  std::string text = matrix.recipe + "\n" + std::string(to_text(matrix.design)) + "\n";
  for (const auto& configuration : matrix.configurations)
    text += configuration.name + "\n" + configuration.plan_id + "\n";
  const auto size = static_cast<std::int64_t>(text.size());
  return to_text(tensor_digest("U8", {&size, 1}, std::as_bytes(std::span(text)))).substr(0, 12);
}

// What was typed, or what the recipe of a command claims.
void choose_metric(const Recipe& recipe, MatrixOrder& order) {
  if (!order.typed.metric.empty()) return check_typed_metric(order.typed, recipe);
  if (!recipe.defaults.command) return;
  const auto& metric = recipe.defaults.metric;
  for (const auto& claim : claims_of(recipe)) {
    if (!claim.place || (metric && metric->name != claim.metric)) continue;
    order.typed = typed_metric_of(claim);
    if (metric) order.typed.margin = metric->margin;
    return;
  }
}

// Where no step was seen, no fault can be injected into one.
bool no_step_was_seen(const RunResult& result) {
  return result.outcome.done() && Trace(result.folder).columns().empty();
}

// What changes nothing that is read here is not run: equal bits would look like a finding.
std::vector<RunResult> launch_what_is_read(const Planned& plan, const std::vector<Run>& runs,
                                           const LaunchOptions& how) {
  // What another machine reads is not known here.
  const bool elsewhere = is_made_elsewhere(plan.plans.front(), how);
  const auto unread = elsewhere ? std::vector<std::string>(runs.size()) : unread_here(plan);
  std::vector<Run> read;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (unread[i].empty()) read.push_back(runs[i]);
  const auto done = launch(read, how);
  std::vector<RunResult> results;
  for (std::size_t i = 0, next = 0; i < runs.size(); ++i) {
    if (unread[i].empty()) {
      results.push_back(done[next++]);
      continue;
    }
    const std::string lacking = cannot_run(runs[i].plan);
    results.push_back({run_folder(how.runs, runs[i]), {}, false});
    results.back().outcome.ending = Ending::skipped;
    results.back().outcome.reason = lacking.empty() ? unread[i] : lacking;
  }
  return results;
}

// Emulation takes its time: what to expect is said before it begins.
void tell_emulation(const Planned& plan, const Run& baseline, const LaunchOptions& how) {
  std::optional<double> seconds;
  if (baseline.plan.placement.cpu == "host")
    if (const auto known = finished_run(run_folder(how.runs, baseline))) seconds = known->seconds;
  const std::string sentence = emulation_forecast(plan.plans, seconds);
  if (!sentence.empty()) std::cerr << "reprise: " << sentence << '\n';
}

// What was done, by plan.
std::vector<PlanRuns> done_by_plan(const Planned& plan, const std::vector<RunResult>& results) {
  std::vector<PlanRuns> done;
  for (std::size_t i = 0; i < results.size(); ++i)
    if (results[i].outcome.done()) try {
        add_run(done, plan.matrix.configurations[i].name, plan.plans[i], read_run(results[i].folder));
      } catch (const Error&) {
        continue;  // the report says that it cannot be read
      }
  return done;
}

// Of runs that nobody but the clock ended, the reason is the budget.
void take_results(const std::vector<RunResult>& results, const TimeBudget& budget, Matrix& matrix) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    auto& configuration = matrix.configurations[i];
    configuration.folder = results[i].folder;
    configuration.outcome = results[i].outcome;
    if (configuration.outcome.ending == Ending::interrupted && budget.over() && !was_interrupted())
      configuration.outcome.reason = budget.words() + " before this run was done";
  }
}

}  // namespace

Planned planned(MatrixOrder& order) {
  Recipe recipe = chosen_recipe(order.launch);
  choose_metric(recipe, order);
  keep_what_is_read(order.typed.file, recipe, typed_choices(order.launch), tell_preparation);
  Planned result = planned_matrix(order.launch, recipe, order.axes, order.design);
  if (result.plans.size() < 2)
    fail(
        "wanted at least two runs to compare, found one: give an axis two values (--axis threads=1,2), or "
        "run each plan twice (--axis repeat=2)");
  result.matrix.command = command_line(order);
  return result;
}

MatrixMade make_matrix(MatrixOrder order, const TimeBudget& budget, fs::path& folder) {
  Planned plan = planned(order);
  const std::vector<Run> runs = runs_of(plan);
  LaunchOptions how = launch_options(order.launch);
  how.interrupted = [budget] { return was_interrupted() || budget.over(); };
  if (!is_made_elsewhere(plan.plans.front(), how) && std::ranges::any_of(plan.plans, wants_gpu))
    for (const auto& sentence : gpu_forecasts(plan.plans, gpus_for_runs()))
      std::cerr << "reprise: " << sentence << '\n';
  tell_emulation(plan, runs.front(), how);
  const auto results = launch_what_is_read(plan, runs, how);
  if (!no_step_was_seen(results.front())) plan.matrix.self_test = run_self_test(plan.plans.front(), how);
  if (!order.no_own_seeds && !how.interrupted())
    plan.matrix.own_pair = run_own_pair(done_by_plan(plan, results), how);
  end_progress();
  take_results(results, budget, plan.matrix);
  if (folder.empty()) folder = fs::path(order.launch.runs) / ("matrix-" + matrix_id(plan.matrix));
  make_folder(folder);
  write_matrix(plan.matrix, folder / "matrix.toml");
  MatrixMade made{plan.matrix, {}, was_interrupted()};
  if (made.interrupted) return made;
  made.bisections = bisect_classes(plan.matrix, runs, how, order.bisect,
                                   [budget] { return budget.over() ? budget.words() : std::string(); });
  made.interrupted = was_interrupted();
  end_progress();
  return made;
}

Report report_of(const MatrixMade& made) { return report_of(made.matrix, made.bisections); }

}  // namespace reprise
