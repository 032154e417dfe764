// SPDX-License-Identifier: Apache-2.0
// reprise matrix: a recipe under several configurations, sorted into classes of equal bits.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/unread.h"
#include "harness/matrix/expand.h"
#include "harness/plan/devices.h"
#include "harness/plan/environment.h"
#include "harness/search/own_pair_runs.h"
#include "harness/search/self_testing.h"
#include "harness/terminal/claim_options.h"
#include "harness/terminal/class_bisecting.h"
#include "harness/terminal/gpu_forecast.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/launching.h"
#include "harness/terminal/reporting.h"
#include "harness/terminal/unexpected.h"
#include "harness/trace/trace.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  LaunchChoices launch;
  TypedClaim typed;  // the metric of a command
  std::vector<std::string> axes;
  std::string design = "one", formats = "html,json", output;
  bool json = false, bisect = false, no_own_seeds = false;
};

std::vector<std::string> command_line(const Options& options) {
  std::vector<std::string> more;
  for (const auto& axis : options.axes) more.insert(more.end(), {"--axis", axis});
  if (options.bisect) more.emplace_back("--bisect");
  if (options.design != "one") more.insert(more.end(), {"--design", options.design});
  if (options.no_own_seeds) more.emplace_back("--no-own-seeds");
  for (const auto& word : words_of_typed(options.typed)) more.push_back(word);
  return typed_again("matrix", options.launch, more);
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
void choose_metric(const Recipe& recipe, Options& options) {
  if (!options.typed.metric.empty()) return check_typed_metric(options.typed, recipe);
  if (!recipe.defaults.command) return;
  const auto& metric = recipe.defaults.metric;
  for (const auto& claim : claims_of(recipe)) {
    if (!claim.place || (metric && metric->name != claim.metric)) continue;
    options.typed = typed_metric_of(claim);
    if (metric) options.typed.margin = metric->margin;
    return;
  }
}

Planned planned(Options& options) {
  std::vector<AxisChoice> axes;
  for (const auto& text : options.axes) axes.push_back(parse_axis(text));
  const Recipe recipe = chosen_recipe(options.launch);
  choose_metric(recipe, options);
  const Choices choices = typed_choices(options.launch);
  Planned result = expand(plan_of(recipe, choices), axes, word_from<Design>(options.design, "a design"));
  for (const auto& plan : result.plans) check_choices(recipe, plan);
  if (result.plans.size() < 2)
    fail(
        "wanted at least two runs to compare, found one: give an axis two values (--axis threads=1,2), or "
        "run "
        "each plan twice (--axis repeat=2)");
  result.matrix.command = command_line(options);
  return result;
}

// Where no step was seen, no fault can be injected into one.
bool no_step_was_seen(const RunResult& result) {
  return result.outcome.done() && Trace(result.folder).columns().empty();
}

// What changes nothing that is read here is not run: equal bits would look like a finding.
std::vector<RunResult> launch_what_is_read(const Planned& plan, const std::vector<Run>& runs,
                                           const LaunchOptions& how) {
  const auto unread = unread_here(plan);
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

// The done runs of the baseline's plan.
std::vector<RunTraces> runs_of_baseline(const Planned& plan, const std::vector<RunResult>& results) {
  std::vector<RunTraces> runs;
  for (std::size_t i = 0; i < results.size(); ++i)
    if (results[i].outcome.done() && plan_id(plan.plans[i]) == plan_id(plan.plans.front())) try {
        runs.push_back(read_run(results[i].folder));
      } catch (const Error&) {
        continue;  // the report says that it cannot be read
      }
  return runs;
}

void add_own_pair(const Options& options, const std::vector<RunResult>& results, const LaunchOptions& how,
                  Planned& plan) {
  if (options.no_own_seeds || was_interrupted()) return;
  plan.matrix.own_pair = run_own_pair(plan.plans.front(), runs_of_baseline(plan, results), how);
}

std::vector<Run> runs_of(const Planned& plan) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < plan.plans.size(); ++i) {
    const auto& configuration = plan.matrix.configurations[i];
    const auto repeat = configuration.values.find("repeat");
    const auto count = repeat == configuration.values.end() ? std::nullopt : to_integer(repeat->second);
    runs.push_back({configuration.name, plan.plans[i], static_cast<int>(count.value_or(1))});
  }
  return runs;
}

int run_matrix(Options options, const CLI::App& app) {
  refuse_idle_for_command(app);
  const auto formats = format_names(options.formats);
  Planned plan = planned(options);
  const std::vector<Run> runs = runs_of(plan);
  const LaunchOptions how = launch_options(options.launch);
  if (std::ranges::any_of(plan.plans, wants_gpu))
    for (const auto& sentence : gpu_forecasts(plan.plans, gpus_for_runs()))
      std::cerr << "reprise: " << sentence << '\n';
  const auto results = launch_what_is_read(plan, runs, how);
  if (!no_step_was_seen(results.front())) plan.matrix.self_test = run_self_test(plan.plans.front(), how);
  add_own_pair(options, results, how, plan);
  end_progress();
  for (std::size_t i = 0; i < results.size(); ++i) {
    plan.matrix.configurations[i].folder = results[i].folder;
    plan.matrix.configurations[i].outcome = results[i].outcome;
  }
  const fs::path folder = options.output.empty()
                              ? fs::path(options.launch.runs) / ("matrix-" + matrix_id(plan.matrix))
                              : fs::path(options.output);
  make_folder(folder);
  write_matrix(plan.matrix, folder / "matrix.toml");
  if (was_interrupted()) return tell_interrupted();
  const auto bisections = options.bisect ? bisect_classes(plan.matrix, runs, how) : std::vector<Bisection>();
  end_progress();
  const Report report = report_of(plan.matrix, bisections);
  const auto files = write_reports(report, formats, folder);
  print_report(report, files, options.json);
  tell_verdict(options.launch.progress, report.exit_code, report.headline, files);
  return report.exit_code;
}

}  // namespace

extern const Command matrix{
    .summary = "Run a recipe under several configurations and say which agree bit for bit",
    .attach = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_launch_options(app, options->launch);
      app.add_option(
             "--axis", options->axes,
             "What to vary (`reprise list axes`); the first value is the baseline: --axis threads=1,2. "
             "repeat=2 runs every configuration twice; arg:--lr=0.1,0.2 varies an argument of a command, "
             "env:NAME=a,b a variable of its environment")
          ->type_name("NAME=V1,V2,...")
          ->allow_extra_args(false)
          ->required();
      app.add_option("--design", options->design,
                     "one: one factor at a time from the baseline; pairs: two at a time; full: all together")
          ->check(one_of({"one", "pairs", "full"}))
          ->capture_default_str();
      app.add_flag("--bisect", options->bisect,
                   "Also name what makes classes of runs part from the first, as `reprise bisect` does; of "
                   "up to 3 classes");
      app.add_option("--format", options->formats,
                     "Reports to write, separated by commas (`reprise list formats`)")
          ->type_name("LIST")
          ->capture_default_str();
      app.add_option("--output", options->output, "Folder of the reports; by default RUNS/matrix-ID")
          ->type_name("FOLDER");
      app.add_flag("--json", options->json, "Print the JSON report, and only it, on standard output");
      add_own_seeds_option(app, options->no_own_seeds);
      add_typed_metric(app, options->typed);
      app.footer(
          "Each run is a fresh process. A run that exists is not run again, so the same command goes on "
          "where\n"
          "it was stopped. Exit code 0: every promise kept; 1: the bits moved where they need not; 2: "
          "trouble.\n"
          "Example:  reprise matrix mnist1d --set model=mlp --axis repeat=2 --axis threads=1,2 --axis "
          "mkl=default,strict");
      return [options, &app] { return run_matrix(*options, app); };
    },
};

}  // namespace reprise::verbs
