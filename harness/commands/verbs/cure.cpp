// SPDX-License-Identifier: Apache-2.0
// reprise cure: the cheapest pins under which an axis no longer moves the bits.
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/commands/command.h"
#include "harness/options/word_checks.h"
#include "harness/terminal/cure_sides.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/reporting.h"
#include "reports/cure/cure_report.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  LaunchChoices launch;
  std::vector<std::string> what, axes;
  std::size_t repeats = 2, tries = 100;
  std::string formats = "html,json", output;
  bool json = false;
};

fs::path folder_of(const Options& options, const CureOrder& order) {
  if (!options.output.empty()) return options.output;
  std::string name = "cure";
  for (const auto& side : {order.sides.front(), order.sides.back()})
    name += "-" + plan_id(side.plan).substr(0, 8);
  return fs::path(options.launch.runs) / name;
}

std::vector<std::string> words_of(const Options& options) {
  std::vector<std::string> more;
  if (options.what.size() == 2) more = {options.what[1]};
  for (const auto& axis : options.axes) more.insert(more.end(), {"--axis", axis});
  if (options.repeats != 2) more.insert(more.end(), {"--repeats", std::to_string(options.repeats)});
  if (options.tries != 100) more.insert(more.end(), {"--tries", std::to_string(options.tries)});
  return typed_again("cure", options.launch, more);
}

int run_cure(Options& options, const CommandOptions& app) {
  if (options.what.size() == 2)
    refuse_idle(app, {"--axis", "--set", "--pin", "--word"},
                "beside two runs, which say themselves what they ran");
  refuse_idle_for_command(app);
  const auto formats = format_names(options.formats);
  if (!options.what.empty()) options.launch.recipe = options.what.front();
  CureOrder order = cure_order(options.launch, options.what, options.axes);
  order.repeats = options.repeats;
  order.most_tries = options.tries;
  const LaunchOptions how = launch_options(options.launch);
  const Cure found = cure(order, how);
  end_progress();
  if (was_interrupted()) return tell_interrupted();
  const Report report = cure_report(found, words_of(options));
  const auto files = write_reports(report, formats, folder_of(options, order), "cure");
  print_report(report, files, options.json);
  tell_verdict(options.launch.progress, report.exit_code, report.headline, files);
  return report.exit_code;
}

}  // namespace

extern const Command cure{
    .summary = "Search the cheapest pins under which an axis no longer moves the bits",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("what", options->what,
                     "A recipe or, at the end and behind --, a command (with --axis); or two run folders")
          ->expected(0, 2);
      app.add_option("--axis", options->axes, "What moves the bits and should not: --axis threads=1,2")
          ->type_name("NAME=V1,V2,...")
          ->allow_extra_args(false);
      app.add_option("--repeats", options->repeats,
                     "How often each side but the first is run whole to confirm a set of pins")
          ->type_name("R")
          ->check(number_between(2, 100))
          ->capture_default_str();
      app.add_option("--tries", options->tries, "The most sets of pins that are tried over a few steps")
          ->type_name("N")
          ->check(number_between(1, 10000))
          ->capture_default_str();
      add_run_options(app, options->launch);
      app.add_option("--format", options->formats,
                     "Reports to write, separated by commas (`reprise list formats`)")
          ->type_name("LIST")
          ->capture_default_str();
      app.add_option("--output", options->output, "Folder of the reports; by default RUNS/cure-A-B")
          ->type_name("FOLDER");
      app.add_flag("--json", options->json, "Print the JSON document, and only it, on standard output");
      app.footer(
          "Each set of pins is tried over a few steps of the recipe itself; those on the front of (number "
          "of\n"
          "pins, time of a step) are confirmed over whole runs, with repeats. Exit code 0: a set holds, or "
          "the\n"
          "axis does not move the bits; 1: none of these, and what resists; 2: trouble.\n"
          "Example:  reprise cure mnist1d --set model=mlp --axis threads=1,2");
      return [options, &app] { return run_cure(*options, app); };
    },
};

}  // namespace reprise::verbs
