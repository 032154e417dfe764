// SPDX-License-Identifier: Apache-2.0
// reprise leg: one run of a batch, made here.
#include <fmt/format.h>

#include <memory>

#include "harness/commands/command.h"
#include "harness/launch/leg.h"
#include "harness/options/word_checks.h"
#include "harness/terminal/launching.h"

namespace reprise::verbs {
namespace {

struct Options {
  LaunchChoices launch;
  std::string batch, made_in, result, folder;
  std::size_t leg = 0;
  bool copy_any = false;
};

int run_leg(const Options& options) {
  LaunchOptions how = launch_options(options.launch);
  how.made_in = options.made_in;
  how.copy_any = options.copy_any;
  const RunResult made = make_leg({options.batch, options.leg, options.result, options.folder}, how);
  end_progress();
  if (made.outcome.done()) {
    fmt::print("done in {:.1f} s: {}\n", made.outcome.seconds, made.folder.string());
    return 0;
  }
  fmt::print("untested ({}): {}\n", to_text(made.outcome.ending), made.outcome.reason);
  return 2;
}

}  // namespace

extern const Command leg{
    .summary = "Make one run of a batch of plans, on the machine that a scheduler chose for it",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("batch", options->batch, "The batch: a folder with batch.toml and plans")->required();
      app.add_option("leg", options->leg, "Which of its runs, counted from 0")
          ->check(number_between(0, 1e6))
          ->required();
      add_place_options(app, options->launch);
      app.add_option("--made-in", options->made_in,
                     "Folder in which the run's folder is made; by default that of --runs")
          ->type_name("FOLDER");
      app.add_option("--result", options->result,
                     "File that is written last, with the SHA-256 of each file of the run")
          ->type_name("FILE");
      app.add_option(
             "--folder", options->folder,
             "Working folder of a command, where this machine has it elsewhere than the one that planned")
          ->type_name("FOLDER");
      app.add_flag("--copy-any", options->copy_any, "As --fresh=copy-any of `reprise run`");
      app.footer(
          "Exit code 0: done; 2: trouble, or a run that could not be done here.\n"
          "Example:  reprise leg batch 3 --runs runs");
      return [options] { return run_leg(*options); };
    },
};

}  // namespace reprise::verbs
