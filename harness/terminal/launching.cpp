// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/launching.h"

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cluster/slurm_options.h"
#include "harness/launch/executor.h"
#include "harness/options/word_checks.h"
#include "harness/plan/node_kind.h"
#include "harness/terminal/interrupt.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

void add_recipe_option(CommandOptions& app, LaunchChoices& choices) {
  app.add_option(
      "recipe", choices.recipe,
      "A recipe: a TOML file, or a name that `reprise list recipes` shows; or, at the end and behind --, a "
      "command that trains: -- python train.py");
}

}  // namespace

void add_launch_options(CommandOptions& app, LaunchChoices& choices) {
  add_recipe_option(app, choices);
  add_run_options(app, choices);
}

void add_place_options(CommandOptions& app, LaunchChoices& choices) {
  app.add_option("--runs", choices.runs, "Folder in which runs are kept and found again")
      ->type_name("FOLDER")
      ->capture_default_str();
  app.add_option("--worker", choices.worker,
                 "The reprise-worker to use; by default the one beside this program")
      ->type_name("FILE");
  app.add_option("--torch", choices.torch,
                 "The torch whose libraries the worker uses, of the version it was built for: the folder "
                 "that holds lib/; by default the one it was built with, else $LIBTORCH_DIR, else that of "
                 "the python3 on PATH")
      ->type_name("FOLDER");
  app.add_option("--time-limit", choices.time_limit_seconds,
                 "Seconds that one run may take before it is ended and counted as untested; 0 for no limit")
      ->type_name("SECONDS")
      ->check(number_between(0, 1e9))
      ->capture_default_str();
  app.add_option("--jobs", choices.jobs, "Processor cores to use for runs side by side; 0 for all of them")
      ->type_name("CORES")
      ->check(number_between(0, 1e6))
      ->capture_default_str();
}

namespace {

void add_executor_options(CommandOptions& app, LaunchChoices& choices) {
  app.add_option("--executor", choices.executor,
                 "Where all runs are made, whatever their plans say (`reprise list executors`): local, slurm")
      ->type_name("NAME");
  app.add_option("--slurm", choices.slurm,
                 "What the jobs of --executor slurm ask for, as options of sbatch: "
                 "'partition=gpu gres=gpu:h100:1 constraint=sm90'")
      ->type_name("OPTIONS")
      ->allow_extra_args(false);
  app.add_option("--slurm-bundle", choices.slurm_bundle,
                 "An archive of `reprise bundle`, made with this very build, that each job unpacks on its "
                 "node's own disk; "
                 "by default nodes start this program at the same path")
      ->type_name("FILE");
  app.add_option("--slurm-jobs", choices.slurm_jobs,
                 "The most jobs of one kind of machine that may run at a time; 0 for no limit")
      ->type_name("N")
      ->check(number_between(0, 1e6))
      ->capture_default_str();
}

void add_choice_options(CommandOptions& app, LaunchChoices& choices) {
  // Not for people: main() turns what stands behind -- into these.
  app.add_option("--word", choices.words)->allow_extra_args(false)->hidden();
  app.add_option("--set", choices.set,
                 "Set a parameter of the recipe, or what `reprise list settings` shows: "
                 "--set model=mlp --set steps=100 --set ops=1-3")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_option("--pin", choices.pin, "Pin a setting (`reprise list pins`): --pin threads=2")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_flag(
      "--fresh{yes}", choices.fresh,
      "Give each run of a command its own view of the working folder, as it is now: nothing that one "
      "run writes there is seen by another. --fresh=copy makes copies instead of overlays (of up to 2 "
      "GiB), --fresh=copy-any copies of any size");
  app.add_option("--site", choices.site,
                 "TOML with the site's kinds of machines (docs/clusters.md), which are then values of the "
                 "axis device: --axis device=h100,a100")
      ->type_name("FILE");
}

}  // namespace

void add_plan_options(CommandOptions& app, LaunchChoices& choices) {
  add_recipe_option(app, choices);
  add_choice_options(app, choices);
}

void add_run_options(CommandOptions& app, LaunchChoices& choices) {
  add_choice_options(app, choices);
  add_place_options(app, choices);
  add_executor_options(app, choices);
  app.add_flag("--again", choices.again, "Run even what has been run before");
  add_progress_options(app, choices.progress);
}

void add_own_seeds_option(CommandOptions& app, bool& off) {
  app.add_flag("--no-own-seeds", off,
               "Of a script that does not seed all its random generators: leave out the pair of short runs "
               "(10 to 50 steps) "
               "with seeding=script that tells whether it repeats on its own");
}

std::vector<std::string> typed_again(std::string_view verb, const LaunchChoices& choices,
                                     const std::vector<std::string>& more) {
  std::vector<std::string> line = {"reprise", std::string(verb)};
  if (choices.words.empty()) line.push_back(choices.recipe);
  for (const auto& text : choices.set) line.insert(line.end(), {"--set", text});
  for (const auto& text : choices.pin) line.insert(line.end(), {"--pin", text});
  if (!choices.fresh.empty()) line.push_back(choices.fresh == "yes" ? "--fresh" : "--fresh=" + choices.fresh);
  for (const auto& [option, text] : {std::pair("--site", &choices.site),
                                     {"--executor", &choices.executor},
                                     {"--slurm", &choices.slurm},
                                     {"--slurm-bundle", &choices.slurm_bundle}})
    if (!text->empty()) line.insert(line.end(), {option, *text});
  line.insert(line.end(), more.begin(), more.end());
  if (!choices.words.empty()) line.emplace_back("--");
  line.insert(line.end(), choices.words.begin(), choices.words.end());
  return line;
}

Site chosen_site(const LaunchChoices& choices) {
  return choices.site.empty() ? Site() : read_site(choices.site);
}

namespace {

// A newcomer's first try: the script where a recipe stands.
bool is_program(std::string_view name) {
  return name.ends_with(".py") || name.ends_with(".sh") || name == "python" || name == "python3" ||
         name == "torchrun" || name == "bash";
}

}  // namespace

Recipe chosen_recipe(const LaunchChoices& choices) {
  if (!choices.recipe.empty() && !choices.words.empty())
    fail("wanted a recipe or a command, found both: '{}' and, behind --, '{}'; leave one out", choices.recipe,
         join(choices.words, " "));
  if (!choices.words.empty()) return recipe_of_command(choices.words);
  if (choices.recipe.empty())
    fail(
        "wanted a recipe (`reprise list recipes`) or, behind --, a command: -- python train.py; found "
        "neither");
  if (is_program(choices.recipe))
    fail("{0} is a program and no recipe; a command that trains stands behind --: -- {1}{0}", choices.recipe,
         choices.recipe.ends_with(".py") ? "python " : "");
  return find_recipe(choices.recipe);
}

namespace {

// A kind of machine as the device becomes the device that it has, and the kind behind the executor.
void name_kinds(const NodeKinds& kinds, Choices& typed) {
  std::string kind;
  for (auto* list : {&typed.set, &typed.pin})
    for (auto& [name, value] : *list)
      if (const auto found = kinds.find(value); name == "device" && found != kinds.end()) {
        kind = found->first;
        value = found->second;
      }
  if (!kind.empty()) typed.set.emplace_back("executor", "local@" + kind);
}

}  // namespace

Choices typed_choices(const LaunchChoices& choices) {
  Choices typed;
  for (const auto& text : choices.set) typed.set.push_back(cut_assignment(text, "--set"));
  for (const auto& text : choices.pin) typed.pin.push_back(cut_assignment(text, "--pin"));
  name_kinds(chosen_site(choices).devices(), typed);
  if (!choices.fresh.empty() && choices.fresh != "yes" && choices.fresh != "copy" &&
      choices.fresh != "copy-any")
    fail("wanted --fresh, --fresh=copy or --fresh=copy-any, found --fresh={}", choices.fresh);
  if (!choices.fresh.empty()) typed.fresh = choices.fresh == "yes" ? Fresh::view : Fresh::copy;
  return typed;
}

Plan chosen_plan(const LaunchChoices& choices) {
  return plan_of(chosen_recipe(choices), typed_choices(choices));
}

namespace {

void check_bundle(const LaunchChoices& choices) {
  if (choices.slurm_bundle.empty()) return;
  if (!fs::is_regular_file(choices.slurm_bundle))
    fail("--slurm-bundle wants an archive that `reprise bundle` wrote, found no file at {}",
         choices.slurm_bundle);
  if (!choices.worker.empty())
    fail("--worker has no effect with --slurm-bundle, whose worker lies in the archive");
}

}  // namespace

LaunchOptions launch_options(const LaunchChoices& choices) {
  check_bundle(choices);
  LaunchOptions options;
  options.runs = choices.runs;
  options.worker = choices.worker;
  options.torch = choices.torch;
  options.time_limit = std::chrono::seconds(static_cast<std::int64_t>(choices.time_limit_seconds + 0.999));
  options.cores = choices.jobs;
  options.again = choices.again;
  options.executor = choices.executor;
  options.cluster = {chosen_site(choices), choices.slurm, choices.slurm_jobs, choices.slurm_bundle};
  if (!choices.executor.empty()) pick(executors_shelf(), choices.executor, "executor");
  parse_slurm_options(choices.slurm);
  options.copy_any = choices.fresh == "copy-any";
  progress_of(choices.progress);
  options.progress = [shown = choices.progress.shown](const LaunchEvent& event) { shown->take(event); };
  options.interrupted = &was_interrupted;
  watch_for_interrupt();
  return options;
}

}  // namespace reprise
