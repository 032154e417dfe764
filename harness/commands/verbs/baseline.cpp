// SPDX-License-Identifier: Apache-2.0
// reprise baseline: what a plan gave on a kind of machine, kept as small text files, and new runs held
// against it.
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/judge/baseline/checked_runs.h"
#include "harness/judge/baseline/environment.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> runs;
  std::string folder = "baselines", reason, against;
  bool json = false, all = false;
};

std::vector<Baseline> kept_baselines(const Options& options) {
  return fs::is_directory(options.folder) ? baselines_in(options.folder) : std::vector<Baseline>();
}

// What the runs gave, each plan and environment once: runs of one that differ have no baseline.
std::vector<Baseline> given_baselines(const Options& options) {
  std::vector<Baseline> gave;
  for (const auto& run : given_runs(options.runs)) {
    if (!run.gave)
      fail("{}: {}; a baseline is made of runs that ended well", run.folder.string(), run.trouble);
    const auto* known = find_baseline(*run.gave, gave);
    if (known == nullptr)
      gave.push_back(*run.gave);
    else if (run_digest(*known) != run_digest(*run.gave))
      fail(
          "{} and {} are runs of one plan on one kind of machine and differ: a training that does not repeat "
          "has "
          "no baseline; `reprise bisect {} {}` says where they part",
          known->run, run.gave->run, known->run, run.gave->run);
  }
  return gave;
}

void write(const Options& options, const Baseline& baseline, std::string_view what) {
  const fs::path path = fs::path(options.folder) / file_name(baseline);
  write_atomically(path, to_toml(baseline));
  fmt::print("{}  {}  {}\n", what, path.string(), called(baseline));
}

int record(const Options& options) {
  const auto kept = kept_baselines(options);
  const auto gave = given_baselines(options);
  for (const auto& baseline : gave) {
    const auto* known = find_baseline(baseline, kept);
    if (known != nullptr && run_digest(*known) != run_digest(baseline))
      fail(
          "{} has a baseline with other digests in {}, so nothing was recorded; `reprise baseline check` "
          "says "
          "where they part, `reprise baseline bless --reason TEXT` replaces it",
          called(baseline), (fs::path(options.folder) / file_name(*known)).string());
  }
  make_folder(options.folder);
  for (const auto& baseline : gave)
    if (find_baseline(baseline, kept) == nullptr)
      write(options, baseline, "recorded");
    else
      fmt::print("there     {}  {}\n", (fs::path(options.folder) / file_name(baseline)).string(),
                 called(baseline));
  return 0;
}

int bless(const Options& options) {
  if (options.reason.find_first_not_of(" \t\n") == std::string::npos)
    fail("wanted the reason why the new values are right, found an empty one; give --reason TEXT");
  const auto kept = kept_baselines(options);
  for (auto& baseline : given_baselines(options)) {
    const auto* known = find_baseline(baseline, kept);
    if (known == nullptr)
      fail("{} has no baseline for {} to replace; `reprise baseline record` makes the first one",
           called(baseline), environment_words(baseline.hardware));
    if (run_digest(*known) == run_digest(baseline)) {
      fmt::print("equal     {}  {}\n", (fs::path(options.folder) / file_name(baseline)).string(),
                 called(baseline));
      continue;
    }
    baseline.earlier = known->earlier;
    baseline.earlier.insert(baseline.earlier.begin(),
                            {run_digest(*known), reprise_of(*known), options.reason});
    write(options, baseline, "blessed ");
  }
  return 0;
}

Json json_of(const CheckedRun& one) {
  Json json = {{"name", one.name},
               {"run", one.folder},
               {"found", to_text(one.check.held)},
               {"sentence", one.check.sentence}};
  if (one.check.left) {
    json["equal_to"] = one.check.left->equal_to;
    json["differs_at"] = one.check.left->differs_at;
    json["stage"] = one.check.left->stage;
    json["process"] = one.check.left->process;
  }
  json["changed"] = one.check.changed;
  json["nearest"] = one.check.nearest;
  json["baseline"] = one.check.against ? Json(file_name(*one.check.against)) : Json();
  json["next_command"] = one.next.empty() ? Json() : Json(one.next);
  return json;
}

void print(const CheckedRun& one) {
  fmt::print("{:<11}  {}{}\n             {}\n", to_text(one.check.held), one.name,
             one.folder.empty() ? "" : "  " + one.folder, one.check.sentence);
  for (const auto& line : one.check.changed) fmt::print("             changed since: {}\n", line);
  if (one.check.held == Held::mismatch && one.check.changed.empty())
    fmt::print("             nothing that was noted of the software or the machine changed since\n");
  for (const auto& line : one.check.nearest) fmt::print("             the nearest differs in {}\n", line);
  if (!one.pair.why_not.empty()) fmt::print("             no operator can be named: {}\n", one.pair.why_not);
  if (!one.next.empty()) fmt::print("             next: {}\n", one.next);
}

int check(const Options& options) {
  const auto kept =
      options.against.empty()
          ? baselines_in(options.folder)
          : std::vector{baseline_from_toml(read_file(options.against, "baseline"), options.against)};
  const auto runs = given_runs(options.runs);
  std::vector<CheckedRun> all;
  for (const auto& run : runs)
    all.push_back(options.against.empty() ? checked_run(run, kept) : checked_against(run, kept.front()));
  if (options.all)
    for (auto& missing : unchecked(runs, kept)) all.push_back(std::move(missing));
  const std::size_t matches = count_of(all, Held::match), mismatches = count_of(all, Held::mismatch);
  const int code = mismatches > 0 ? 1 : matches == all.size() ? 0 : 2;
  if (options.json) {
    Json document = {{"schema", "reprise.baseline-check/1"}, {"exit_code", code}, {"checks", Json::array()}};
    for (const auto& one : all) document["checks"].push_back(json_of(one));
    std::cout << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
    return code;
  }
  for (const auto& one : all) print(one);
  fmt::print("{}: {} match, {} mismatch, {} without a baseline, {} untested\n", counted(all.size(), "check"),
             matches, mismatches, count_of(all, Held::no_baseline), count_of(all, Held::untested));
  return code;
}

int list(const Options& options) {
  const auto kept = baselines_in(options.folder);
  for (const auto& baseline : kept)
    fmt::print("{}  {} steps  {}  {}{}\n", run_digest(baseline), baseline.processes.front().last_step,
               called(baseline), environment_words(baseline.hardware),
               baseline.earlier.empty()
                   ? ""
                   : fmt::format("  ({})", counted(baseline.earlier.size(), "earlier value")));
  fmt::print("{}\n", counted(kept.size(), "baseline"));
  return 0;
}

// Which environments agree: a baseline of each could be one.
int diff(const Options& options) {
  const auto kept = baselines_in(options.folder);
  const auto pairs = pairs_of_one_plan(kept);
  if (pairs.empty())
    fail("wanted baselines of one plan on two kinds of machines in {}, found none to compare",
         options.folder);
  for (const auto& group : equal_environments(kept)) {
    std::vector<std::string> names;
    for (const auto i : group) names.push_back(environment_words(kept[i].hardware));
    fmt::print("equal  {}: {}\n", called(kept[group.front()]), listed(names));
  }
  int code = 0;
  for (const auto& [i, j] : pairs) {
    const auto check = check_against(kept[j], kept[i]);
    if (check.held == Held::match) continue;
    fmt::print("apart  {}: {} and {}: {}\n", called(kept[i]), environment_words(kept[i].hardware),
               environment_words(kept[j].hardware), check.sentence);
    code = 1;
  }
  return code;
}

void add_runs(CommandOptions& app, Options& options) {
  app.add_option("runs", options.runs, "Folders of runs, or folders with runs below them, such as runs/")
      ->required();
}

void add_folder(CommandOptions& app, Options& options) {
  app.add_option("--baselines", options.folder, "Folder of the baselines")
      ->type_name("FOLDER")
      ->capture_default_str();
}

}  // namespace

extern const Command baseline{
    .summary = "Keep what a training gave on a kind of machine, and hold new runs against it",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      auto to_record =
          app.add_subcommand("record", "Keep what these runs gave; refuses to replace another value");
      auto to_check = app.add_subcommand("check", "Say of each run: match, mismatch, no baseline, untested");
      auto to_bless =
          app.add_subcommand("bless", "Replace the baseline by what these runs gave, with the reason");
      auto to_list = app.add_subcommand("list", "Show the baselines of a folder");
      auto to_diff = app.add_subcommand("diff", "Say which kinds of machines agree, plan by plan");
      for (CommandOptions action : {to_record, to_check, to_bless}) add_runs(action, *options);
      for (CommandOptions action : {to_record, to_check, to_bless, to_list, to_diff})
        add_folder(action, *options);
      to_bless
          .add_option("--reason", options->reason,
                      "Why the new values are right; it is kept with the old ones")
          ->type_name("TEXT")
          ->required();
      to_check
          .add_option("--against", options->against,
                      "Hold every run against this one file, whatever its plan")
          ->type_name("FILE");
      to_check.add_flag("--all", options->all,
                        "Baselines of this kind of machine that no run was given for are untested");
      to_check.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.require_subcommand();
      app.footer(
          "Baselines are small text files for git, one per plan and kind of machine. Exit code of check: 0 "
          "all\n"
          "match; 1 some mismatch; 2 none mismatches, but some could not be checked. See docs/baselines.md.\n"
          "Example:  reprise baseline record runs && git add baselines");
      return [=, &app] {
        const std::string chosen = app.chosen_subcommand();
        if (chosen == "record") return record(*options);
        if (chosen == "check") return check(*options);
        if (chosen == "bless") return bless(*options);
        return chosen == "list" ? list(*options) : diff(*options);
      };
    },
};

}  // namespace reprise::verbs
