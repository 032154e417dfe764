// SPDX-License-Identifier: Apache-2.0
// reprise claim: does a published number, or digest, stand?
#include <iostream>
#include <memory>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/options/word_checks.h"
#include "harness/search/claim/holding.h"
#include "harness/search/claim/read_files.h"
#include "harness/terminal/claim_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/launching.h"
#include "harness/terminal/reporting.h"
#include "reports/claim_report.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  LaunchChoices launch;
  TypedClaim typed;
  std::vector<std::string> names;
  std::string budget, formats = "html,json", output;
  std::size_t seeds = 0;
  bool json = false;
};

std::vector<std::string> command_line(const Options& options) {
  std::vector<std::string> more = words_of_typed(options.typed);
  for (const auto& name : options.names) more.insert(more.end(), {"--claim", name});
  if (options.seeds > 0) more.insert(more.end(), {"--seeds", std::to_string(options.seeds)});
  return typed_again("claim", options.launch, more);
}

std::vector<Claim> chosen_claims(const Options& options, const Recipe& recipe) {
  if (!options.typed.metric.empty()) return {claim_of(options.typed, recipe)};
  const auto all = claims_of(recipe);
  if (all.empty())
    fail(
        "the recipe {} states no claim; add [[claim]] to it (docs/verify-a-paper.md), or type one: --metric "
        "'val=val loss ([0-9.]+)' --take min --value 1.88 --margin 0.02",
        recipe.name);
  if (options.names.empty()) return all;
  std::vector<std::string> known;
  for (const auto& claim : all) known.push_back(claim.name);
  std::vector<Claim> chosen;
  for (const auto& name : options.names) {
    const auto found = std::ranges::find(all, name, &Claim::name);
    if (found == all.end()) fail("{}", unknown_name("claim", name, known));
    chosen.push_back(*found);
  }
  return chosen;
}

fs::path folder_of(const Options& options, const std::vector<ClaimPlan>& plans) {
  if (!options.output.empty()) return options.output;
  std::string text;
  for (const auto& plan : plans) {
    text += claim_id(plan.claim);
    for (const auto& run : plan.runs) text += plan_id(run.plan);
  }
  const auto size = static_cast<std::int64_t>(text.size());
  const Digest digest = tensor_digest("U8", {&size, 1}, std::as_bytes(std::span(text)));
  return fs::path(options.launch.runs) / ("claim-" + to_text(digest).substr(0, 12));
}

int run_claim(const Options& options) {
  const auto formats = format_names(options.formats);
  const Recipe recipe = chosen_recipe(options.launch);
  const auto claims = chosen_claims(options, recipe);
  ClaimChoices choices;
  if (options.seeds > 0) choices.seeds = options.seeds;
  if (!options.budget.empty()) choices.budget = budget_from(options.budget);
  std::vector<ClaimPlan> plans;
  const Choices typed = typed_choices(options.launch);
  for (const auto& claim : claims) {
    Recipe own = recipe;
    keep_what_is_read(claim.place ? claim.place->file : "", own, typed, tell_preparation);
    plans.push_back(plan_claim(own, typed, claim, choices.seeds, claims.size()));
  }
  const LaunchOptions how = launch_options(options.launch);
  if (!options.launch.progress.quiet)
    for (const auto& sentence : forecasts(plans, how)) std::cerr << "reprise: " << sentence << '\n';
  const auto held = hold(plans, choices, how);
  end_progress();
  if (was_interrupted()) return tell_interrupted();
  const Report report = claim_report(recipe.name, recipe_id(recipe.defaults), held, command_line(options));
  const fs::path folder = folder_of(options, plans);
  make_folder(folder);
  const auto files = write_reports(report, formats, folder);
  print_report(report, files, options.json);
  tell_verdict(options.launch.progress, report.exit_code, report.headline, files);
  return report.exit_code;
}

}  // namespace

extern const Command claim{
    .summary = "Say whether a published number, or digest, stands",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_launch_options(app, options->launch);
      app.add_option("--claim", options->names, "A [[claim]] of the recipe; by default all of them")
          ->type_name("NAME")
          ->allow_extra_args(false);
      add_typed_claim(app, options->typed);
      app.add_option("--seeds", options->seeds,
                     "Runs to make, each with a seed of its own; by default as many as give 80 % power, or 5 "
                     "where no spread is published")
          ->type_name("N")
          ->check(number_between(2, 4096));
      app.add_option("--budget", options->budget,
                     "Time after which no run is started and those that run are ended: 20m, 90s, 1.5h")
          ->type_name("TIME");
      app.add_option("--format", options->formats,
                     "Reports to write, separated by commas (`reprise list formats`)")
          ->type_name("LIST")
          ->capture_default_str();
      app.add_option("--output", options->output, "Folder of the reports; by default RUNS/claim-ID")
          ->type_name("FOLDER");
      app.add_flag("--json", options->json, "Print the JSON report, and only it, on standard output");
      app.footer(
          "A run that exists is not run again. Exit code 0: every claim stands; 1: one does not; 2: it "
          "cannot\n"
          "be told, or trouble.\n"
          "Example:  reprise claim --metric 'val=val loss ([0-9.]+)' --take min --value 1.88 --margin 0.02 "
          "--seeds 5 -- python train.py --seed {seed}");
      return [options] { return run_claim(*options); };
    },
};

}  // namespace reprise::verbs
