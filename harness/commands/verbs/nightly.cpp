// SPDX-License-Identifier: Apache-2.0
// reprise nightly: every matrix of a file, held against baselines, night after night, and the page of all
// nights.
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/commands/command.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/night_making.h"
#include "harness/terminal/reporting.h"

namespace reprise::verbs {
namespace {

struct Options {
  NightOrder order;
  bool page_only = false, json = false;
};

// Said by a matrix file for each of its matrices.
const std::vector<std::string> of_matrix_files = {"--set", "--pin", "--fresh", "--word"};

int draw_page(const Options& options, const CommandOptions& app) {
  refuse_idle(app,
              {"--json", "--baselines", "--record", "--runs", "--worker", "--torch", "--jobs", "--time-limit",
               "--again"},
              "with --page-only, which runs nothing");
  if (!options.order.matrix.empty()) fail("--page-only runs nothing; leave out {}", options.order.matrix);
  for (const auto& path : write_page(options.order.history)) std::cout << path.string() << '\n';
  return 0;
}

int run_night(const Options& options, const CommandOptions& app) {
  refuse_idle(app, of_matrix_files, "beside a matrix file, which says it for each of its matrices");
  if (options.page_only) return draw_page(options, app);
  if (options.order.matrix.empty())
    fail(
        "`reprise nightly` wants a matrix file, such as recipes/matrices/nightly.toml, found none "
        "(docs/nightly.md)");
  const NightMade made = make_night(options.order);
  if (made.interrupted) return tell_interrupted();
  print_report(made.report, made.files, options.json);
  tell_verdict(options.order.launch.progress, made.report.exit_code, made.report.headline, made.files);
  return made.report.exit_code;
}

}  // namespace

extern const Command nightly{
    .summary = "Run the matrices of a file, hold them against baselines, and keep the history of all nights",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      auto& order = options->order;
      app.add_option("matrix", order.matrix, "A matrix file (docs/nightly.md)")->type_name("FILE.toml");
      app.add_option("--baselines", order.baselines, "Folder of the baselines (`reprise baseline`)")
          ->type_name("FOLDER")
          ->capture_default_str();
      app.add_option(
             "--history", order.history,
             "Folder of the history: a line for each run of each night, the reports, the page of all nights")
          ->type_name("FOLDER")
          ->capture_default_str();
      app.add_option("--machine", order.machine,
                     "What this machine is called in the history; by default its host name")
          ->type_name("NAME");
      app.add_flag("--record", order.record,
                   "When the night is over, keep as baselines what runs without one gave");
      app.add_flag("--page-only", options->page_only,
                   "Run nothing: draw the page and the badge of all histories in the folder");
      app.add_flag("--json", options->json, "Print the night's JSON report, and only it, on standard output");
      add_run_options(app, order.launch);
      for (const auto& option : of_matrix_files) app.hide(option);
      app.footer(
          "A night that was ended in the middle goes on with the same command and loses no finished run; "
          "after a\n"
          "finished one the next begins. Exit code 0: all runs match their baselines; 1: some mismatch; 2: "
          "none\n"
          "mismatches, but some could not be checked, or trouble. See docs/nightly.md.\n"
          "Example:  reprise nightly recipes/matrices/nightly.toml --baselines baselines --history history");
      return [options, &app] { return run_night(*options, app); };
    },
};

}  // namespace reprise::verbs
