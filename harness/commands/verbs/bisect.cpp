// SPDX-License-Identifier: Apache-2.0
// reprise bisect: from two runs that part to the operator call that parts them.
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/options/word_checks.h"
#include "harness/search/self_testing.h"
#include "harness/search/two_recipes.h"
#include "harness/terminal/bisect_json.h"
#include "harness/terminal/bisect_sides.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/reporting.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  LaunchChoices launch;
  std::vector<std::string> what, between, renames;
  std::size_t rounds = 0, until_it_strikes = 5;
  std::string formats = "html,json", output;
  bool no_control = false, no_remedies = false, across = false, json = false;
};

BisectSides sides_of(const Options& options, const LaunchOptions& how) {
  if (options.what.size() < 2) return sides_of_recipe(options.launch, options.between, how);
  if (!options.between.empty() || !options.launch.set.empty() || !options.launch.pin.empty())
    fail("--between, --set and --pin belong to one recipe; two traces say themselves what they ran");
  return sides_of_traces(options.what);
}

int exit_code_of(const Bisection& found) {
  if (found.found == Found::equal) return 0;
  return found.found == Found::untested ? 2 : 1;
}

fs::path folder_of(const Options& options, const BisectSides& both) {
  if (!options.output.empty()) return options.output;
  const auto part = [&](std::size_t side) { return plan_id(both.sides[side].run.plan).substr(0, 8); };
  return fs::path(options.launch.runs) / ("bisect-" + part(0) + "-" + part(1));
}

// Two recipes that are meant to be one training: told in words or as JSON, without a report.
int show_across(const Options& options, const LaunchOptions& how) {
  if (options.what.size() != 2)
    fail("wanted two traces or run folders for --across, found {}", options.what.size());
  const BisectSides both = sides_of(options, how);
  const Bisection found = bisect_across(both.sides[0], both.sides[1], renames_of(options.renames), how);
  end_progress();
  const std::string recipes =
      fmt::format("{} and {}", both.sides[0].run.plan.recipe, both.sides[1].run.plan.recipe);
  if (options.json)
    std::cout << bisection_json(found, recipes);
  else
    std::cout << recipes << ": " << found.sentence << '\n';
  tell_verdict(options.launch.progress, exit_code_of(found), found.sentence);
  return exit_code_of(found);
}

// As the report judged it: with what the two sides show of the plan.
std::optional<SelfTest> self_test_in(const Report& report) {
  const auto told = member_of(report, "self_test");
  if (told.is_null()) return std::nullopt;
  return SelfTest{{}, told.at("void"), {}, told.at("sentence")};
}

int show(const Options& options, BisectSides& both, const Bisection& found, const LaunchOptions& how) {
  if (found.found == Found::equal || found.found == Found::untested) {
    if (options.json)
      std::cout << bisection_json(found, both.matrix.recipe);
    else
      std::cout << both.matrix.recipe << ": " << found.sentence << '\n';
    tell_verdict(options.launch.progress, exit_code_of(found), found.sentence);
    return exit_code_of(found);
  }
  const Run& first = both.sides[0].run;
  both.matrix.self_test = run_self_test(first.plan, how);
  end_progress();
  Report report = report_of(both.matrix, ClassBisections{{found}, {}});
  // The two sides part, whatever their factors promise.
  if (report.exit_code == 0) report.exit_code = exit_code_of(found);
  const auto files = write_reports(report, format_names(options.formats), folder_of(options, both));
  if (options.json)
    std::cout << bisection_json(found, both.matrix.recipe, self_test_in(report));
  else
    print_report(report, files, false);
  const int code = report.exit_code == 2 ? 2 : exit_code_of(found);
  tell_verdict(options.launch.progress, code, found.sentence, files);
  return code;
}

void refuse_idle_options(const Options& options, const CommandOptions& app) {
  if (options.across)
    refuse_idle(
        app,
        {"--rounds", "--no-control", "--no-remedies", "--format", "--output", "--between", "--set", "--pin"},
        "with --across, which looks once at two traces and prints what it finds");
  if (options.what.size() == 2)
    refuse_idle(app, {"--word"}, "beside two traces, which say themselves what they ran");
  refuse_idle_for_command(app);
}

int bisect_sides(Options& options, const CommandOptions& app) {
  refuse_idle_options(options, app);
  format_names(options.formats);  // one that there is not is no reason to lose what was found
  if (!options.what.empty()) options.launch.recipe = options.what.front();
  const LaunchOptions how = launch_options(options.launch);
  if (options.across) return show_across(options, how);
  if (!options.renames.empty()) fail("--rename is for --across; the tensors of one recipe keep their names");
  BisectSides both = sides_of(options, how);
  Bisection found;
  if (both.untested.empty()) {
    const bool until = options.rounds == 0;
    found = bisect(both.sides[0], both.sides[1],
                   {.rounds = until ? options.until_it_strikes : options.rounds,
                    .growth = !options.no_control,
                    .remedies = !options.no_remedies,
                    .until_it_strikes = until},
                   how);
  } else {
    found.side_a = both.sides[0].name;
    found.side_b = both.sides[1].name;
    found.found = Found::untested;
    found.sentence = both.untested;
  }
  end_progress();
  if (was_interrupted()) return tell_interrupted();
  return show(options, both, found, how);
}

void add_sides(CommandOptions& app, const std::shared_ptr<Options>& options) {
  app.add_option("what", options->what,
                 "A recipe or, at the end and behind --, a command (with --between, or alone to compare "
                 "two repeats); "
                 "or two traces or run folders")
      ->expected(0, 2);
  app.add_option("--between", options->between,
                 "The two sides, as axes and values: --between threads=1 threads=2, --between arg:--lr=0.1 "
                 "arg:--lr=0.2; several in quotes")
      ->type_name("A B")
      ->expected(2);
  app.add_option("--rounds", options->rounds,
                 "How often both sides are rerun: what strikes by chance may strike elsewhere each time")
      ->type_name("K")
      ->check(number_between(1, 1000));
  app.add_option("--until-it-strikes", options->until_it_strikes,
                 "Rerun both sides until they part, at most so often: for what strikes by chance")
      ->type_name("N")
      ->check(number_between(1, 1000))
      ->capture_default_str()
      ->excludes("--rounds");
  app.add_flag("--across", options->across,
               "Two traces of different recipes that are meant to be one training: compare their weights");
  app.add_option("--rename", options->renames,
                 "--across: a prefix of names of the first trace, as the second has it")
      ->type_name("OLD=NEW")
      ->allow_extra_args(false);
  app.add_flag("--no-control", options->no_control,
               "Do not tell rounding from another computation, which takes three short runs");
  app.add_flag("--no-remedies", options->no_remedies, "Do not try what could be pinned");
}

}  // namespace

extern const Command bisect{
    .summary = "Name the operator call that makes two runs part, and what to pin against it",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_sides(app, options);
      add_run_options(app, options->launch);
      app.add_option("--format", options->formats,
                     "Reports to write, separated by commas (`reprise list formats`)")
          ->type_name("LIST")
          ->capture_default_str();
      app.add_option("--output", options->output, "Folder of the reports; by default RUNS/bisect-A-B")
          ->type_name("FOLDER");
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Finds the first step that differs in the traces, reruns both sides with every operator call of\n"
          "that step digested, and names the first call with equal inputs and other outputs. Exit code 0: "
          "the\n"
          "two sides are equal; 1: they part, and where; 2: trouble.\n"
          "Example:  reprise bisect waves --between threads=1 threads=2");
      return [options, &app] { return bisect_sides(*options, app); };
    },
};

}  // namespace reprise::verbs
