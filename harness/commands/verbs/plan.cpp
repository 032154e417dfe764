// SPDX-License-Identifier: Apache-2.0
// reprise plan: what a matrix would run, as a table, JSON, or files for systems that start jobs.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/cluster/batch.h"
#include "harness/cluster/engine.h"
#include "harness/commands/command.h"
#include "harness/launch/unread.h"
#include "harness/options/word_checks.h"
#include "harness/plan/node_kind.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/planning.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  LaunchChoices launch;
  std::vector<std::string> axes;
  std::string design = "one", emit, output, folder, image = "reprise:" REPRISE_VERSION;
  bool json = false;
};

Json described(const Planned& plan, const std::vector<Run>& runs, const std::vector<std::string>& unread) {
  Json document{{"schema", "reprise.plan/1"}, {"recipe", plan.matrix.recipe}, {"count", runs.size()}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Json run{{"name", runs[i].name},
             {"plan", plan_id(runs[i].plan)},
             {"repeat", runs[i].repeat},
             {"device", runs[i].plan.pins.at("device")},
             {"kind", kind_of(runs[i].plan)},
             {"values", plan.matrix.configurations[i].values},
             {"unread", unread[i]}};
    document["runs"].push_back(std::move(run));
  }
  return document;
}

void print_table(const Json& document) {
  std::size_t width = 4;
  for (const auto& run : document["runs"]) width = std::max(width, run["name"].get<std::string>().size());
  fmt::print("{}: {} run{}\n  {:<{}}  {:<32}  {:<6}  {}\n", document["recipe"].get<std::string>(),
             document["count"].get<std::size_t>(), document["count"] == 1 ? "" : "s", "name", width, "plan",
             "repeat", "device");
  for (const auto& run : document["runs"]) {
    const std::string kind = run["kind"], unread = run["unread"];
    fmt::print("  {:<{}}  {}  {:<6}  {}{}\n", run["name"].get<std::string>(), width,
               run["plan"].get<std::string>(), run["repeat"].get<int>(), run["device"].get<std::string>(),
               kind.empty() ? "" : " on " + kind);
    if (!unread.empty()) fmt::print("  {:<{}}  unread here: {}\n", "", width, unread);
  }
}

// An Error if the folder holds something else: plans of two matrices must not mix.
void take_folder(const fs::path& folder) {
  if (fs::exists(folder) && !list_folder(folder).empty())
    fail("wanted a new or empty folder for the batch, found files in {}; name another with --output",
         folder.string());
  make_folder(folder);
}

void emit(const Options& options, const std::string& recipe, const std::vector<Run>& runs) {
  const Engine& engine = pick(engines_shelf(), options.emit, "system that starts jobs");
  const fs::path output = options.output.empty() ? "batch" : options.output;
  const fs::path usual = options.emit == "k8s" ? fs::path("/work/batch") : output;
  const fs::path seen = options.folder.empty() ? usual : fs::path(options.folder);
  Emission emission{recipe, seen.generic_string(), options.image, {}, chosen_site(options.launch)};
  std::vector<Leg> legs;
  for (const auto& run : runs) {
    emission.legs.push_back({run.name, kind_of(run.plan)});
    legs.push_back({run.name, run.plan, run.repeat});
  }
  const auto files = engine.emit(emission);  // what cannot be done is said before anything is written
  take_folder(output);
  write_batch(output, legs, "");
  for (const auto& file : files) {
    write_atomically(output / file.name, file.text);
    fmt::print("{}\n", (output / file.name).string());
  }
  fmt::print("{}\n{} run{} as plans in {}; next: {}\n", (output / "batch.toml").string(), runs.size(),
             runs.size() == 1 ? "" : "s", (output / "plans").string(), engine.next);
}

int run_verb(const Options& options, const CommandOptions& app) {
  if (options.emit.empty())
    refuse_idle(app, {"--output", "--batch", "--image"}, "without --emit, which writes files");
  else
    refuse_idle(app, {"--json"}, "with --emit, which writes files");
  const Planned plan = planned_matrix(options.launch, chosen_recipe(options.launch), options.axes,
                                      word_from<Design>(options.design, "a design"));
  const auto runs = runs_of(plan);
  if (!options.emit.empty()) {
    emit(options, plan.matrix.recipe, runs);
    return 0;
  }
  const Json document = described(plan, runs, unread_here(plan));
  if (options.json)
    std::cout << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  else
    print_table(document);
  return 0;
}

}  // namespace

extern const Command plan{
    .summary = "Show what a matrix would run, or write it as job files for other systems",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_plan_options(app, options->launch);
      app.add_option("--axis", options->axes, "What to vary, as in `reprise matrix`")
          ->type_name("NAME=V1,V2,...")
          ->allow_extra_args(false);
      app.add_option("--design", options->design, "one, pairs or full, as in `reprise matrix`")
          ->check(one_of({"one", "pairs", "full"}))
          ->capture_default_str();
      app.add_option("--emit", options->emit,
                     "Write the plans and job files for a system that starts them: " +
                         join(names_of(engines_shelf()), ", "))
          ->type_name("NAME");
      app.add_option("--output", options->output, "Folder of the files; by default batch")
          ->type_name("FOLDER");
      app.add_option("--batch", options->folder,
                     "Where the machines see that folder; by default as it is named by --output, in k8s "
                     "/work/batch")
          ->type_name("FOLDER");
      app.add_option("--image", options->image, "The container image of k8s")
          ->type_name("IMAGE")
          ->capture_default_str();
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Nothing is run.\n"
          "Example:  reprise plan waves --axis threads=1,2 --axis repeat=2 --emit github --output batch");
      return [options, &app] { return run_verb(*options, app); };
    },
};

}  // namespace reprise::verbs
