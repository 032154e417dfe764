// SPDX-License-Identifier: Apache-2.0
// reprise matrix: a recipe under several configurations, sorted into classes of equal bits; or all matrices
// of a file.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/options/word_checks.h"
#include "harness/terminal/claim_options.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/matrix_making.h"
#include "harness/terminal/reporting.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  MatrixOrder order;
  std::string design = "one", formats = "html,json", output, bisect;
  bool json = false;
};

// `--bisect NAME` is `--bisect` and a recipe: the word that may stand behind it is no recipe's name.
void read_bisect(const CommandOptions& app, Options& options) {
  const auto words = all_words<Bisecting>();
  if (app.count("--bisect") == 0) return;
  if (options.bisect.empty()) {
    options.order.bisect = Bisecting::few;
  } else if (std::ranges::find(words, options.bisect) == words.end() && options.order.launch.recipe.empty() &&
             options.order.launch.words.empty()) {
    options.order.launch.recipe = options.bisect;
    options.order.bisect = Bisecting::few;
  } else {
    options.order.bisect = word_from<Bisecting>(options.bisect, "--bisect");
  }
}

int run_one(Options& options) {
  if (options.order.axes.empty())
    fail(
        "wanted --axis NAME=V1,V2,..., what to vary, or a matrix file (docs/nightly.md), found neither; "
        "`reprise list axes` shows what can be varied");
  const auto formats = format_names(options.formats);
  options.order.design = word_from<Design>(options.design, "a design");
  fs::path folder = options.output;
  const MatrixMade made = make_matrix(options.order, {}, folder);
  if (made.interrupted) return tell_interrupted();
  const Report report = report_of(made);
  const auto files = write_reports(report, formats, folder);
  print_report(report, files, options.json);
  tell_verdict(options.order.launch.progress, report.exit_code, report.headline, files);
  return report.exit_code;
}

void refuse_beside_file(const CommandOptions& app) {
  refuse_idle(app,
              {"--axis", "--set", "--pin", "--design", "--output", "--fresh", "--metric", "--file", "--key",
               "--take", "--margin", "--better", "--unit", "--word"},
              "beside a matrix file, which says it for each of its matrices");
}

// Each matrix of the file in turn; the exit code is the worst.
int run_file(const fs::path& path, const Options& options, const CommandOptions& app) {
  refuse_beside_file(app);
  const MatrixFile file = read_matrix_file(path, matrix_file_words());
  const auto typed_formats = format_names(options.formats);
  const TimeBudget whole = budget_of(file.budget);
  auto documents = nlohmann::ordered_json::array();
  int worst = 0;
  for (const auto& entry : file.entries) {
    MatrixOrder order = order_of(entry, options.order.launch);
    if (app.count("--bisect") > 0) order.bisect = options.order.bisect;
    order.no_own_seeds = options.order.no_own_seeds;
    if (!options.json) std::cout << "== " << entry.name << " (" << entry.where << ")\n";
    fs::path folder;
    const MatrixMade made = make_matrix(order, sooner(whole, budget_of(entry.budget)), folder);
    if (made.interrupted) return tell_interrupted();
    const Report report = report_of(made);
    const auto files =
        write_reports(report, app.count("--format") > 0 ? typed_formats : entry.formats, folder);
    if (options.json)
      documents.push_back({{"name", entry.name},
                           {"folder", folder.string()},
                           {"report", nlohmann::ordered_json::parse(rendered(report, "json"))}});
    else
      print_report(report, files, false);
    tell_verdict(options.order.launch.progress, report.exit_code, report.headline, files);
    worst = std::max(worst, report.exit_code);
  }
  if (options.json)
    std::cout << nlohmann::ordered_json{{"schema", matrices_format},
                                        {"matrices", documents},
                                        {"exit_code", worst}}
                     .dump(1)
              << '\n';
  return worst;
}

int run_matrix(Options options, const CommandOptions& app) {
  refuse_idle_for_command(app);
  read_bisect(app, options);
  const fs::path path = find_matrix_file(options.order.launch.recipe);
  return is_matrix_file(path) ? run_file(path, options, app) : run_one(options);
}

constexpr const char* footer =
    "Instead of a recipe, a matrix file names several matrices, with their axes (docs/nightly.md): "
    "each "
    "has\n"
    "its own folder and report, and the exit code is the worst of them.\n"
    "Each run is a fresh process. A run that exists is not run again, so the same command goes on "
    "where\n"
    "it was stopped. Exit code 0: every promise kept; 1: the bits moved where they need not; 2: "
    "trouble.\n"
    "Example:  reprise matrix mnist1d --set model=mlp --axis repeat=2 --axis threads=1,2 --axis "
    "mkl=default,strict";

}  // namespace

extern const Command matrix{
    .summary = "Run a recipe under several configurations and say which agree bit for bit",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_launch_options(app, options->order.launch);
      app.add_option(
             "--axis", options->order.axes,
             "What to vary (`reprise list axes`); the first value is the baseline: --axis threads=1,2. "
             "repeat=2 runs every configuration twice; arg:--lr=0.1,0.2 varies an argument of a command, "
             "env:NAME=a,b a variable of its environment")
          ->type_name("NAME=V1,V2,...")
          ->allow_extra_args(false);
      app.add_option("--design", options->design,
                     "one: one factor at a time from the baseline; pairs: two at a time; full: all together")
          ->check(one_of({"one", "pairs", "full"}))
          ->capture_default_str();
      app.add_option("--bisect", options->bisect,
                     "Also name what makes classes of runs part from the first, as `reprise bisect` does: "
                     "first, the first pair; all, each; alone, up to 3; off, none")
          ->type_name("[off|first|all]")
          ->expected(0, 1);
      app.add_option("--format", options->formats,
                     "Reports to write, separated by commas (`reprise list formats`)")
          ->type_name("LIST")
          ->capture_default_str();
      app.add_option("--output", options->output, "Folder of the reports; by default RUNS/matrix-ID")
          ->type_name("FOLDER");
      app.add_flag("--json", options->json, "Print the JSON report, and only it, on standard output");
      add_own_seeds_option(app, options->order.no_own_seeds);
      add_typed_metric(app, options->order.typed);
      app.footer(footer);
      return [options, &app] { return run_matrix(*options, app); };
    },
};

}  // namespace reprise::verbs
