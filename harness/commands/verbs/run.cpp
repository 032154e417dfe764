// SPDX-License-Identifier: Apache-2.0
// reprise run: one plan, once or several times.
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/judge/compare/beside_words.h"
#include "harness/judge/compare/diff.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/pin_changes.h"
#include "harness/judge/compare/starts.h"
#include "harness/options/word_checks.h"
#include "harness/search/own_pair_runs.h"
#include "harness/search/self_testing.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/launching.h"
#include "harness/terminal/ranks_told.h"
#include "harness/terminal/resume_making.h"
#include "harness/trace/run_traces.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  LaunchChoices launch;
  ResumeOrder resume;
  int repeat = 1, ranks = 0;
  bool plan_only = false, self_test = false, json = false, no_own_seeds = false;
};

// The last value of each metric, by name.
std::map<std::string, double> last_metrics(const Trace& trace) {
  std::map<std::string, double> values;
  for (const auto& [step, metric] : trace.metrics()) values[metric.name] = metric.value;
  return values;
}

Json described_processes(const RunTraces& run) {
  Json processes = Json::array();
  for (const auto& [who, trace] : run.processes)
    processes.push_back({{"folder", who.folder},
                         {"rank", who.rank},
                         {"arguments", who.arguments},
                         {"steps", who.steps},
                         {"finished", who.finished},
                         {"ended", who.ended},
                         {"chain", who.chain}});
  return processes;
}

Json described(const RunResult& result) {
  Json run;
  run["folder"] = result.folder.string();
  run["status"] = result.outcome.done() ? "done" : "untested";
  run["reused"] = result.reused;
  if (!result.anew.empty()) run["anew"] = result.anew;
  if (!result.outcome.done()) {
    run["kind"] = to_text(result.outcome.ending);
    run["reason"] = result.outcome.reason;
    add_parted_ranks(result.folder, run);
    return run;
  }
  const RunTraces whole = read_run(result.folder);
  const Trace& trace = whole.processes.front().trace;
  run["steps"] = trace.last_step();
  run["chain"] = to_text(chain_of(whole));
  run["processes"] = described_processes(whole);
  add_ranks(whole, run);
  run["weights"] = to_text(trace.stages(trace.last_step())[static_cast<std::size_t>(Stage::weights)]);
  run["loss"] = value_of(trace.loss(trace.last_step()));
  run["metrics"] = last_metrics(trace);
  run["artifacts"] = Json::object();
  for (const auto& artifact : trace.artifacts()) {
    run["artifacts"][artifact.name] = to_text(artifact.digest);
    // Of a native program: of the tensors' bytes, as papers publish it. Of a command it is of the whole file.
    if (!trace.plan().command) run["sha256"][artifact.name] = artifact.sha256;
  }
  run["watched"] = !trace.columns().empty();
  run["notes"] = result.outcome.notes;
  for (const auto& change : pin_changes(trace.plan(), trace.pin_checks()))
    run["notes"].push_back(to_sentence(change));
  return run;
}

void print_training(const Json& run) {
  fmt::print("  loss     {}\n",
             run["loss"].is_null() ? "not a number" : number_text(run["loss"].get<double>()));
  for (const auto& [name, value] : run["metrics"].items())
    fmt::print("  {}  {}\n", name, value.is_null() ? "not a number" : number_text(value.get<double>()));
  fmt::print("  weights  {}\n  chain    {}   (one number for the whole training)\n",
             run["weights"].get<std::string>(), run["chain"].get<std::string>());
}

void print_run(const Json& run) {
  if (run["status"] != "done") {
    fmt::print("  untested ({}): {}\n", run["kind"].get<std::string>(), run["reason"].get<std::string>());
    return print_ranks(run);
  }
  fmt::print("  steps    {}{}\n",
             run["watched"].get<bool>() ? std::to_string(run["steps"].get<std::int64_t>()) : "none seen",
             run["reused"].get<bool>() ? "  (this run existed; --again runs it again)" : "");
  if (run.contains("anew")) fmt::print("  anew     {}: it was run again\n", run["anew"].get<std::string>());
  if (run["watched"].get<bool>()) print_training(run);
  if (run["processes"].size() > 1)
    for (const auto& process : run["processes"])
      fmt::print("  process  {} steps, chain {}  {}{}\n", process["steps"].get<std::int64_t>(),
                 process["chain"].get<std::string>(),
                 process["rank"].get<std::string>().empty()
                     ? ""
                     : "rank " + process["rank"].get<std::string>() + " ",
                 process["arguments"].get<std::string>());
  print_ranks(run);
  for (const auto& [name, digest] : run["artifacts"].items())
    fmt::print("  artifact {}  {}\n", digest.get<std::string>(), name);
  if (run.contains("sha256"))
    for (const auto& [name, sha256] : run["sha256"].items())
      fmt::print("  sha256   {}  {}\n", sha256.get<std::string>(), name);
  for (const auto& note : run["notes"]) fmt::print("  note     {}\n", note.get<std::string>());
  fmt::print("  folder   {}\n", run["folder"].get<std::string>());
}

bool all_done(const std::vector<RunResult>& results) {
  return std::ranges::all_of(results, [](const RunResult& result) { return result.outcome.done(); });
}

struct Repeats {
  std::optional<Diff> diff;      // nothing where there are no two to compare
  std::optional<Beside> beside;  // what they printed and left
};

// Whole runs, all their processes to their last steps.
Repeats compared(const std::vector<RunResult>& results) {
  if (results.size() < 2 || !all_done(results)) return {};
  std::vector<NamedTrace> traces;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const RunTraces run = read_run(results[i].folder);
    const Trace& trace = run.processes.front().trace;
    // Two runs of which nothing was seen are not the same for that.
    if (trace.columns().empty() && trace.artifacts().empty())
      fail("nothing of the run was watched and it left no artifact, so repeats cannot be compared; see {}",
           results[i].folder.string());
    traces.push_back({fmt::format("repeat={}", i + 1), trace, run});
  }
  Repeats repeats{compare(traces), {}};
  repeats.beside = compare_beside(*repeats.diff, traces);
  return repeats;
}

std::string sentence_of(const Diff& diff) {
  if (diff.all_equal()) return fmt::format("All runs are identical, bit for bit, {}.", extent_of(diff));
  const ClassDivergence& divergence = diff.divergences.front();
  const auto name = [&](std::size_t index) { return diff.traces[diff.classes[index].members.front()].name; };
  return fmt::format("The runs differ: {} and {} part {} ({}); `reprise diff` says more.", name(divergence.a),
                     name(divergence.b), when(divergence.first), place_of(divergence.first));
}

int exit_code_of(const std::vector<RunResult>& results, const std::optional<Diff>& diff) {
  if (was_interrupted()) return interrupted_exit;
  if (!all_done(results)) return 2;
  return diff && !diff->all_equal() ? 1 : 0;
}

std::string_view word_of(Caught result) {
  constexpr std::string_view words[] = {"found", "ESCAPED", "cannot be determined", "untested"};
  return words[static_cast<std::size_t>(result)];
}

Json described(const SelfTest& test) {
  Json json;
  json["void"] = test.is_void;
  json["sentence"] = test.sentence;
  for (const auto& row : test.rows)
    json["rows"].push_back({{"name", row.name},
                            {"sown", row.injected},
                            {"wanted", row.wanted},
                            {"found", row.found},
                            {"result", word_of(row.result)},
                            {"sentence", row.sentence}});
  return json;
}

// A test that showed nothing is no success either.
int exit_code_of(const SelfTest& test) {
  const bool shown =
      std::ranges::any_of(test.rows, [](const SelfTestRow& row) { return row.result == Caught::caught; });
  return test.is_void || !shown ? 2 : 0;
}

// The self-test alone. Exit code 0, or 2 if some fault escaped or nothing was shown.
int test_plan(const Options& options, const Plan& plan) {
  const auto test = self_test_of(run_self_test(plan, launch_options(options.launch)));
  end_progress();
  if (was_interrupted()) return interrupted_exit;
  check(test.has_value(), "a self-test has runs");
  tell_verdict(options.launch.progress, exit_code_of(*test), test->sentence);
  if (options.json) {
    Json document{{"schema", "reprise.self-test/1"}, {"recipe", plan.recipe}, {"plan", plan_id(plan)}};
    document["self_test"] = described(*test);
    std::cout << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
    return exit_code_of(*test);
  }
  fmt::print("{}, plan {}\n", plan.recipe, plan_id(plan));
  for (const auto& row : test->rows) fmt::print("  {:<14}  {}\n", word_of(row.result), row.sentence);
  fmt::print("{}\n", test->sentence);
  return exit_code_of(*test);
}

void refuse_idle_of(const Options& options, const CommandOptions& app) {
  refuse_idle_for_command(app);
  if (options.plan_only)
    refuse_idle(app,
                {"--repeat", "--self-test", "--json", "--again", "--time-limit", "--jobs", "--worker",
                 "--torch", "--no-own-seeds", "--executor", "--slurm", "--slurm-jobs", "--quiet", "--events"},
                "with --plan, which runs nothing and prints TOML");
  if (options.self_test)
    refuse_idle(app, {"--repeat"}, "with --self-test, which makes short runs of its own");
}

// Who seeds a script's generators, of runs that are done; with the pair of runs that nobody else seeds, if
// several were asked for.
std::optional<OwnSeeds> seeds_of(const Options& options, const Plan& plan,
                                 const std::vector<RunResult>& results) {
  if (!all_done(results)) return std::nullopt;
  std::vector<PlanRuns> runs;
  for (const auto& result : results) add_run(runs, "", plan, read_run(result.folder));
  std::vector<Configuration> pair;
  if (options.repeat > 1 && !options.no_own_seeds) pair = run_own_pair(runs, launch_options(options.launch));
  end_progress();
  return own_seeds_of(
      runs, pair,
      options.no_own_seeds ? "it was switched off (--no-own-seeds)" : "--repeat 2 makes runs that tell it");
}

void print_seeds(const OwnSeeds& told) {
  const auto line = [](const std::string& who, const std::string& text) {
    fmt::print("  seeds    {}{}{}\n", who, who.empty() ? "" : ", ", text);
  };
  for (const auto& process : told.seeds.processes) {
    if (!process.untested.empty()) line(process.process, "untested: " + process.untested);
    for (const auto& generator : process.generators) line(process.process, generator.sentence);
    for (const auto& text : process.unseeded) line(process.process, text);
  }
  for (const auto& one : told.alike) line("", one.sentence);
  line("", told.pair.sentence);
}

// What is said of the runs together.
struct Told {
  std::string unlike, beside;
  std::optional<OwnSeeds> seeds;
};

std::string verdict_of(const std::vector<RunResult>& results, const std::optional<Diff>& diff,
                       const Told& told) {
  if (!told.unlike.empty()) return told.unlike;
  if (diff) return sentence_of(*diff);
  return fmt::format("{} of {} done",
                     std::ranges::count_if(results, [](const auto& one) { return one.outcome.done(); }),
                     counted(results.size(), "run"));
}

Json document_of(const Plan& plan, const std::vector<RunResult>& results, const Told& told) {
  Json document;
  document["schema"] = "reprise.run/1";
  document["recipe"] = plan.recipe;
  document["plan"] = plan_id(plan);
  for (const auto& result : results) document["runs"].push_back(described(result));
  if (!told.unlike.empty()) document["starts"] = told.unlike;
  if (told.seeds) document["seeds"] = to_json(*told.seeds);
  if (!told.beside.empty()) document["beside"] = told.beside;
  return document;
}

int run_plan(const Options& options, const CommandOptions& app) {
  refuse_idle_of(options, app);
  const Plan plan = with_ranks(chosen_plan(options.launch), options.ranks);
  if (wants_resume(app)) return make_resume(options.resume, plan, options.launch, options.json);
  if (options.plan_only) {
    std::cout << to_toml(plan);
    return 0;
  }
  if (options.self_test) return test_plan(options, plan);
  std::vector<Run> runs;
  for (int repeat = 1; repeat <= options.repeat; ++repeat)
    runs.push_back(
        {repeat == 1 ? plan.recipe : fmt::format("{} repeat={}", plan.recipe, repeat), plan, repeat});
  const auto results = launch(runs, launch_options(options.launch));
  end_progress();
  const auto [diff, beside] = compared(results);
  int code = exit_code_of(results, diff);
  std::vector<fs::path> folders;
  for (const auto& result : results) folders.push_back(result.folder);
  const std::string unlike = code < 2 ? unlike_repeats(folders, code == 0) : "";
  if (!unlike.empty() && code == 0) code = 2;
  const Told told{unlike, beside ? beside_sentence(*beside, *diff) : "",
                  was_interrupted() ? std::nullopt : seeds_of(options, plan, results)};
  const Json document = document_of(plan, results, told);
  if (options.ranks > 1 && code == 0) code = ranks_exit_code(document["runs"]);
  tell_verdict(options.launch.progress, code, verdict_of(results, diff, told));
  if (options.json) {
    std::cout << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
    return code;
  }
  fmt::print("{}, plan {}\n", plan.recipe, plan_id(plan));
  for (const auto& run : document["runs"]) print_run(run);
  if (told.seeds) print_seeds(*told.seeds);
  if (!told.unlike.empty())
    fmt::print("{}\n", told.unlike);
  else if (diff)
    fmt::print("{}\n", sentence_of(*diff));
  if (!told.beside.empty()) fmt::print("{}\n", told.beside);
  return code;
}

}  // namespace

extern const Command run{
    .summary = "Run a recipe as pinned, once or several times, and keep its trace",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_launch_options(app, options->launch);
      app.add_option("--repeat", options->repeat, "How many runs of the same plan")
          ->type_name("N")
          ->check(number_between(1, 1000))
          ->capture_default_str();
      app.add_flag("--plan", options->plan_only,
                   "Run nothing; print the plan as TOML, with every choice made");
      app.add_flag(
          "--self-test", options->self_test,
          "Sow faults into a few steps of this plan and say whether each is found; train nothing else");
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      add_own_seeds_option(app, options->no_own_seeds);
      add_resume_options(app, options->resume);
      add_ranks_option(app, options->ranks);
      app.footer(
          "Exit code 0: done (and all repeats identical); 1: repeats differ; 2: trouble.\n"
          "Example:  reprise run waves --set steps=50 --pin threads=2 --repeat 2");
      return [options, &app] { return run_plan(*options, app); };
    },
};

}  // namespace reprise::verbs
