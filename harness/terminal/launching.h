// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `run` and `matrix` have in common: the options that choose a plan and say how to launch it, and
// progress.
#include <string>
#include <vector>

#include "harness/launch/launch.h"
#include "harness/options/command_options.h"
#include "harness/plan/recipe.h"
#include "harness/terminal/progress_options.h"

namespace reprise {

struct LaunchChoices {
  std::string recipe;
  std::vector<std::string> words;  // of a command, instead of a recipe
  std::vector<std::string> set, pin;
  std::string runs = "runs", worker, torch;
  double time_limit_seconds = 0;
  int jobs = 0;
  bool again = false;
  std::string fresh;  // "", "yes", "copy", "copy-any"
  std::string executor, slurm, slurm_bundle, site;
  int slurm_jobs = 0;
  ProgressChoices progress;
};

void add_launch_options(CommandOptions& app, LaunchChoices& choices);
// What chooses the plan alone, and runs nothing.
void add_plan_options(CommandOptions& app, LaunchChoices& choices);
// As add_launch_options, without the recipe itself.
void add_run_options(CommandOptions& app, LaunchChoices& choices);
// Of these, what says where and with what runs are made, whatever their plans are.
void add_place_options(CommandOptions& app, LaunchChoices& choices);
// --no-own-seeds: no pair of runs that nobody seeds but the script.
void add_own_seeds_option(CommandOptions& app, bool& off);
// The words that do it again: the verb, the recipe, what was set and pinned, `more` (options of the verb),
// and a command last.
std::vector<std::string> typed_again(std::string_view verb, const LaunchChoices& choices,
                                     const std::vector<std::string>& more);
Plan chosen_plan(const LaunchChoices& choices);
Recipe chosen_recipe(const LaunchChoices& choices);
// What --site names; none without it.
Site chosen_site(const LaunchChoices& choices);
Choices typed_choices(const LaunchChoices& choices);
// Watches for an interrupt, and tells progress as was chosen (progress_options.h).
LaunchOptions launch_options(const LaunchChoices& choices);

}  // namespace reprise
