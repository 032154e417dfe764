// SPDX-License-Identifier: Apache-2.0
// reprise order: which samples each step sees, without training; and proof that a trace used that order.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/plan/batch_order.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/launching.h"
#include "harness/trace/trace.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  LaunchChoices choices;
  std::string steps, trace, order_file;
  bool json = false;
};

// Of a plan.toml as `reprise run --plan` prints it, or of a recipe with choices.
Plan plan_named(const Options& options, const CommandOptions& app) {
  const fs::path path = options.choices.recipe;
  if (fs::is_regular_file(path)) {
    const std::string text = read_file(path, "plan or recipe");
    const bool decided = text.starts_with("# reprise plan") || path.filename() == "plan.toml";
    if (decided) refuse_idle(app, {"--set", "--pin"}, "on a plan, in which everything is decided");
    if (decided) {
      Plan plan = plan_from_toml(text, path.string());
      check_plan(plan);
      if (!plan.order) return plan;
      take_order(plan, options.order_file.empty() ? path.parent_path() / order_file_name
                                                  : fs::path(options.order_file));
      return plan;
    }
  }
  Plan plan = plan_of(chosen_recipe(options.choices), typed_choices(options.choices));
  if (!options.order_file.empty()) take_order(plan, options.order_file);
  return plan;
}

std::pair<std::int64_t, std::int64_t> step_range(const std::string& text, const Plan& plan) {
  if (text.empty()) return {1, std::min<std::int64_t>(plan.steps, 10)};
  const auto dots = text.find("..");
  const auto first = to_integer(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : to_integer(text.substr(dots + 2));
  if (!first || !last) fail("wanted steps as A..B for --steps, found '{}'; try --steps 1..10", text);
  if (*first < 1 || *last < *first || *last > plan.steps)
    fail("wanted steps within 1..{}, found {}; a plan has no other steps", plan.steps, text);
  return {*first, *last};
}

int check_order(const Plan& plan, BatchOrder& order, const Options& options) {
  const Trace trace(options.trace);
  if (trace.plan().command)
    fail(
        "{} is a run of a command, whose batches are its own: its samples are not recorded, so nothing can "
        "be "
        "checked",
        options.trace);
  if (std::min(plan.steps, trace.last_step()) < 1)
    fail("{} has no step to check: it ends before step 1", options.trace);
  std::optional<std::int64_t> wrong;
  for (std::int64_t step = 1; step <= std::min(plan.steps, trace.last_step()) && !wrong; ++step)
    if (trace.samples(step) != order.batch(step)) wrong = step;
  const std::int64_t checked = wrong.value_or(std::min(plan.steps, trace.last_step()));
  if (options.json) {
    Json document = {{"schema", "reprise.order-check/1"}, {"same", !wrong}, {"steps_checked", checked}};
    document["first_difference"] = wrong ? Json(*wrong) : Json();
    std::cout << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else if (wrong) {
    fmt::print("The trace used another batch order: it parts from the plan's at step {}.\n", *wrong);
  } else {
    fmt::print("The trace used the plan's batch order at every one of its {} steps.\n", checked);
  }
  return wrong ? 1 : 0;
}

int print_order(const Plan& plan, BatchOrder& order, const Options& options) {
  const auto [first, last] = step_range(options.steps, plan);
  const std::int64_t per_epoch = plan.samples / plan.batch;
  Json document = {
      {"schema", "reprise.order/1"}, {"recipe", plan.recipe}, {"batch_order", plan.pins.at("batch-order")}};
  if (!options.json) fmt::print("# step  epoch  samples\n");
  for (std::int64_t step = first; step <= last; ++step) {
    const auto batch = order.batch(step);
    const std::int64_t epoch = (step - 1) / per_epoch;
    if (options.json) {
      document["steps"].push_back({{"step", step}, {"epoch", epoch}, {"samples", batch}});
      continue;
    }
    std::string line = fmt::format("{:6}  {:5} ", step, epoch);
    for (const auto sample : batch) line += fmt::format(" {}", sample);
    fmt::print("{}\n", line);
  }
  if (options.json) std::cout << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  return 0;
}

int order_of(const Options& options, const CommandOptions& app) {
  if (!options.trace.empty()) refuse_idle(app, {"--steps"}, "with --check, which checks every step");
  const Plan plan = plan_named(options, app);
  if (plan.command)
    fail(
        "{} is a command, whose batches are its own and whose samples are not recorded: there is no order to "
        "print or to check",
        plan.recipe);
  if (plan.pins.at("batch-order") == "program")
    fail(
        "wanted a plan whose batch order the harness decides, found batch-order=program: {} draws its own, "
        "which "
        "only a run can tell (its trace holds the samples of every step); try --pin batch-order=seeded",
        plan.program);
  if (!plan.order) refuse_idle(app, {"--order-file"}, "on a plan whose batch order comes from no file");
  BatchOrder order(plan);
  return options.trace.empty() ? print_order(plan, order, options) : check_order(plan, order, options);
}

}  // namespace

extern const Command order{
    .summary = "Print the batch order of a plan without training, or check that a trace used it",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("recipe", options->choices.recipe, "A recipe, or the plan.toml of a run")->required();
      app.add_option("--set", options->choices.set, "As in `reprise run`")
          ->type_name("NAME=VALUE")
          ->allow_extra_args(false);
      app.add_option("--pin", options->choices.pin,
                     "As in `reprise run`: --pin seed=1 --pin batch-order=sequential")
          ->type_name("NAME=VALUE")
          ->allow_extra_args(false);
      app.add_option("--steps", options->steps, "Which steps, counted from 1; by default the first ten")
          ->type_name("A..B");
      app.add_option("--check", options->trace, "A trace or a run's folder: does it use this order?")
          ->type_name("TRACE");
      app.add_option("--order-file", options->order_file, "The batch-order file of the plan, if it names one")
          ->type_name("FILE");
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Needs no LibTorch. Exit code of --check: 0 the trace used this order, 1 it used another.\n"
          "Example:  reprise order waves --steps 1..3\n"
          "          reprise order runs/1f0a.../1/plan.toml --check runs/1f0a.../1");
      return [options, &app] { return order_of(*options, app); };
    },
};

}  // namespace reprise::verbs
