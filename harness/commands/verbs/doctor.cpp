// SPDX-License-Identifier: Apache-2.0
// reprise doctor: what of this machine moves bits, what pins hold it, and how two machines differ.
#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/program_search.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/doctor/doctor_json.h"
#include "harness/judge/doctor/machine_facts.h"
#include "harness/judge/doctor/script_facts.h"
#include "harness/plan/environment.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/launching.h"
#include "harness/watch/command_setting.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  LaunchChoices launch;
  std::vector<std::string> diff;
  bool json = false;
};

Variables variables_now() {
  Variables now;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (const auto equals = text.find('='); equals != std::string::npos)
      now[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return now;
}

// The usual plan where nobody names a recipe: pins alone matter here.
Plan plan_for(const Options& options) {
  if (!options.launch.recipe.empty() || !options.launch.words.empty()) return chosen_plan(options.launch);
  Plan plan;
  plan.pins = default_pins();
  for (const auto& [name, value] : typed_choices(options.launch).pin) {
    check_pin(pick_pin(name), value);
    plan.pins[name] = value;
  }
  return plan;
}

// The torch of a native run: named, or that of the python3 on PATH.
std::optional<ObservedTorch> native_torch(const Options& options, const Variables& in_run) {
  std::string named = options.launch.torch;
  if (named.empty()) named = environment_text("LIBTORCH_DIR");
  if (!named.empty()) return torch_in(named);
  const auto python = find_program("python3", environment_text("PATH"));
  return python ? torch_of(*python, in_run, "/") : std::nullopt;
}

void add_command(const Plan& plan, const Variables& in_run, Examination& found) {
  const fs::path folder = folder_of_command(plan);
  const Entrance entrance = entrance_of(plan.command->words, in_run, folder);
  if (entrance.libtorch) found.facts.merge(torch_facts(torch_in(*entrance.libtorch)));
  if (!entrance.python) return;
  found.facts["python.executable"] = entrance.python->string();
  if (const auto torch = torch_of(*entrance.python, in_run, folder)) found.facts.merge(torch_facts(*torch));
  if (const fs::path script = script_among(plan.command->words, folder); !script.empty())
    found.facts.merge(script_facts({*entrance.python, folder, script, in_run}));
}

Examination examined(const Options& options, const Plan& plan) {
  const Variables in_run = run_environment(plan);
  Examination found;
  found.subject = plan.command ? shell_text(plan.command->words) : plan.recipe;
  found.facts = facts_here();
  if (plan.command)
    add_command(plan, in_run, found);
  else if (const auto torch = native_torch(options, in_run))
    found.facts.merge(torch_facts(*torch));
  found.variables = set_variables(variables_now(), plan, in_run);
  found.warnings = warnings_of(found.facts, found.variables, plan, cannot_run(plan));
  if (!found.facts.contains("libtorch.version"))
    found.warnings.push_back({"no LibTorch was found, so nothing is said of its BLAS and its libraries",
                              "name its folder with --torch, or put a python3 that has torch on PATH"});
  return found;
}

std::string shown(const std::string& value) {
  constexpr std::size_t longest = 60, start = 12;
  const bool digest = value.size() == 64 && value.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (digest) return value.substr(0, start) + "...";
  return value.size() > longest ? value.substr(0, longest) + "..." : value;
}

void print_fact(const std::string& name, const std::string& value, const Plan& plan) {
  const MovingFact* row = moving_fact(name);
  const std::string_view pins = row == nullptr ? "" : row->pins;
  const std::string held = held_by(pins, plan), open = left_open(pins, plan);
  std::string pinned = held.empty() ? "" : "held by " + held;
  if (!open.empty()) pinned += (held.empty() ? "open: " : "; open: ") + open;
  if (pinned.empty()) pinned = "no pin";
  fmt::print("  {:<9}  {:<26}  {}\n             {}\n", row == nullptr ? "" : to_text(row->moves), name,
             shown(value), pinned);
}

void print(const Examination& found, const Plan& plan) {
  fmt::print("{}\n\nFacts, by how likely a difference in them moves the bits\n",
             found.subject.empty() ? "This machine, under the usual pins" : found.subject);
  for (const auto& word : words_of(MovesBits{}))
    for (const auto& [name, value] : found.facts)
      if (const auto* row = moving_fact(name); row != nullptr && row->moves == word.value)
        print_fact(name, value, plan);
  if (!found.variables.empty()) fmt::print("\nVariables that are set now\n");
  for (const auto& one : found.variables)
    fmt::print("  {:<12}  {}={}{}\n", to_text(one.reaches), one.name, shown(one.value),
               one.reaches == Reaches::pinned ? fmt::format("; runs get {} ({})", one.in_run, one.pin) : "");
  fmt::print("\n{}\n", counted(found.warnings.size(), "warning"));
  for (const auto& one : found.warnings) fmt::print("  {}\n    remedy: {}\n", one.sentence, one.remedy);
}

int print_diff(const Options& options, const CommandOptions& app) {
  refuse_idle(app, {"recipe", "--word", "--set", "--pin", "--torch"},
              "with --diff, which compares what two files or runs tell");
  const MachineDiff diff =
      compare_machines(machine_side(options.diff.at(0)), machine_side(options.diff.at(1)));
  const int code = !diff.differences.empty() ? 1 : diff.remarks.empty() ? 0 : 2;
  if (options.json) {
    std::cout << to_json(diff).dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
    return code;
  }
  fmt::print("{} and {}: of the facts that both tell, {} differ and {} are equal\n", diff.a, diff.b,
             diff.differences.size(), diff.equal);
  for (const auto& one : diff.differences)
    fmt::print("  {:<9}  {}: {}\n             {} ({})\n", to_text(one.moves), one.name, difference_words(one),
               one.reason, one.source);
  for (const auto& [side, names] : {std::pair{&diff.a, &diff.only_a}, std::pair{&diff.b, &diff.only_b}})
    if (!names->empty()) fmt::print("  not compared, told by {} alone: {}\n", *side, join(*names, ", "));
  for (const auto& remark : diff.remarks) fmt::print("  untested: {}\n", remark);
  return code;
}

int examine(const Options& options, const CommandOptions& app) {
  if (!options.diff.empty()) return print_diff(options, app);
  const Plan plan = plan_for(options);
  const Examination found = examined(options, plan);
  if (options.json)
    std::cout << to_json(found, plan).dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
              << '\n';
  else
    print(found, plan);
  return 0;
}

}  // namespace

extern const Command doctor{
    .summary = "Say what of this machine moves bits and what is pinned, and how two machines differ",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      auto& launch = options->launch;
      app.add_option("recipe", launch.recipe,
                     "A recipe, or, at the end and behind --, a command: then what its imports bring, too");
      app.add_option("--word", launch.words)->allow_extra_args(false)->hidden();
      app.add_option("--set", launch.set, "As in `reprise run`")
          ->type_name("NAME=VALUE")
          ->allow_extra_args(false);
      app.add_option("--pin", launch.pin, "As in `reprise run`: is it held then?")
          ->type_name("NAME=VALUE")
          ->allow_extra_args(false);
      app.add_option("--torch", launch.torch,
                     "The folder of the torch that is used; by default $LIBTORCH_DIR, else that of the "
                     "python3 on PATH")
          ->type_name("FOLDER");
      app.add_option("--diff", options->diff,
                     "Compare two machines: files that doctor --json wrote, run folders or traces")
          ->type_name("A B")
          ->expected(2);
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Nothing is run and LibTorch is not loaded; of a script only its installed imports are. Exit code "
          "0;\n"
          "of --diff 0: no fact that both tell differs, 1: some do; 2: it cannot be told, or trouble.\n"
          "Example:  reprise doctor --json > here.json && reprise doctor --diff here.json there.json");
      return [options, &app] { return examine(*options, app); };
    },
};

}  // namespace reprise::verbs
