// SPDX-License-Identifier: Apache-2.0
// reprise run: one plan, once or several times.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/commands/interrupt.h"
#include "harness/commands/launching.h"
#include "harness/commands/self_testing.h"
#include "harness/judge/pin_changes.h"
#include "harness/judge/starts.h"
#include "harness/trace/trace.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  LaunchChoices launch;
  int repeat = 1;
  bool plan_only = false, self_test = false, json = false;
};

// The last value of each metric, by name.
std::map<std::string, double> last_metrics(const Trace& trace) {
  std::map<std::string, double> values;
  for (const auto& [step, metric] : trace.metrics()) values[metric.name] = metric.value;
  return values;
}

Json described(const RunResult& result) {
  Json run;
  run["folder"] = result.folder.string();
  run["status"] = result.outcome.status;
  run["reused"] = result.reused;
  if (!result.anew.empty()) run["anew"] = result.anew;
  if (!result.outcome.done()) {
    run["kind"] = result.outcome.kind;
    run["reason"] = result.outcome.reason;
    return run;
  }
  const Trace trace(result.folder);
  run["steps"] = trace.last_step();
  run["chain"] = to_text(trace.chain(trace.last_step()));
  run["weights"] = to_text(trace.stages(trace.last_step())[static_cast<std::size_t>(Stage::weights)]);
  run["loss"] = value_of(trace.loss(trace.last_step()));
  run["metrics"] = last_metrics(trace);
  run["artifacts"] = Json::object();
  for (const auto& artifact : trace.artifacts()) run["artifacts"][artifact.name] = to_text(artifact.digest);
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
    return;
  }
  fmt::print("  steps    {}{}\n",
             run["watched"].get<bool>() ? std::to_string(run["steps"].get<std::int64_t>()) : "none seen",
             run["reused"].get<bool>() ? "  (this run existed; --again runs it anew)" : "");
  if (run.contains("anew")) fmt::print("  anew     {}: it was run anew\n", run["anew"].get<std::string>());
  if (run["watched"].get<bool>()) print_training(run);
  for (const auto& [name, digest] : run["artifacts"].items())
    fmt::print("  artifact {}  {}\n", digest.get<std::string>(), name);
  for (const auto& note : run["notes"]) fmt::print("  note     {}\n", note.get<std::string>());
  fmt::print("  folder   {}\n", run["folder"].get<std::string>());
}

int exit_code_of(const std::vector<RunResult>& results) {
  if (was_interrupted()) return interrupted_exit;
  std::optional<std::pair<Digest, Digest>> first;
  int code = 0;
  for (const auto& result : results) {
    if (!result.outcome.done()) return 2;
    const Trace trace(result.folder);
    const std::pair found{trace.chain(trace.last_step()), trace.artifacts_digest()};
    if (first.value_or(found) != found) code = 1;
    if (!first) first = found;
  }
  return code;
}

std::string_view word_of(Caught result) {
  constexpr std::string_view words[] = {"found", "ESCAPED", "cannot be told", "untested"};
  return words[static_cast<std::size_t>(result)];
}

Json described(const SelfTest& test) {
  Json json;
  json["void"] = test.is_void;
  json["sentence"] = test.sentence;
  for (const auto& row : test.rows)
    json["rows"].push_back({{"name", row.name},
                            {"sown", row.sown},
                            {"wanted", row.wanted},
                            {"found", row.found},
                            {"result", word_of(row.result)},
                            {"sentence", row.sentence}});
  return json;
}

// The self-test alone. Exit code 0, or 2 if some fault escaped.
int test_plan(const Options& options, const Plan& plan) {
  const fs::path order_file = order_file_of(chosen_recipe(options.launch), typed_choices(options.launch));
  const auto test = self_test_of(run_self_test(plan, order_file, launch_options(options.launch)));
  end_progress();
  if (was_interrupted()) return interrupted_exit;
  check(test.has_value(), "a self-test has runs");
  if (options.json) {
    Json document{{"schema", "reprise.self-test/1"}, {"recipe", plan.recipe}, {"plan", plan_id(plan)}};
    document["self_test"] = described(*test);
    std::cout << document.dump(1) << '\n';
    return test->is_void ? 2 : 0;
  }
  fmt::print("{}, plan {}\n", plan.recipe, plan_id(plan));
  for (const auto& row : test->rows) fmt::print("  {:<14}  {}\n", word_of(row.result), row.sentence);
  fmt::print("{}\n", test->sentence);
  return test->is_void ? 2 : 0;
}

// Why runs that differ may do so: "" where they started alike.
std::string unlike_start(const std::vector<RunResult>& results) {
  Starts starts;
  for (std::size_t i = 1; i < results.size(); ++i)
    if (const auto found = starts.difference(results[0].folder, results[i].folder))
      return "The runs did not start alike: " + to_words(*found, "run 1", fmt::format("run {}", i + 1)) +
             ". With --fresh each run begins with its own view of the working folder.";
  return "";
}

int run_plan(const Options& options) {
  const Plan plan = chosen_plan(options.launch);
  if (options.plan_only) {
    std::cout << to_toml(plan);
    return 0;
  }
  if (options.self_test) return test_plan(options, plan);
  const fs::path order_file = order_file_of(chosen_recipe(options.launch), typed_choices(options.launch));
  std::vector<Run> runs;
  for (int repeat = 1; repeat <= options.repeat; ++repeat)
    runs.push_back({repeat == 1 ? plan.recipe : fmt::format("{} repeat={}", plan.recipe, repeat), plan,
                    repeat, order_file});
  const auto results = launch(runs, launch_options(options.launch));
  end_progress();
  const int code = exit_code_of(results);
  Json document;
  document["schema"] = "reprise.run/1";
  document["recipe"] = plan.recipe;
  document["plan"] = plan_id(plan);
  for (const auto& result : results) document["runs"].push_back(described(result));
  const std::string unlike = code == 1 ? unlike_start(results) : "";
  if (!unlike.empty()) document["starts"] = unlike;
  if (options.json) {
    std::cout << document.dump(1) << '\n';
    return code;
  }
  fmt::print("{}, plan {}\n", plan.recipe, plan_id(plan));
  for (const auto& run : document["runs"]) print_run(run);
  if (!unlike.empty())
    fmt::print("{}\n", unlike);
  else if (results.size() > 1 && code < 2)
    fmt::print("{}\n", code == 0 ? "All runs are identical, bit for bit."
                                 : "The runs differ; `reprise diff` says where.");
  return code;
}

}  // namespace

extern const Command run{
    .summary = "Run a recipe as pinned, once or several times, and keep its trace",
    .attach = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      add_launch_options(app, options->launch);
      app.add_option("--repeat", options->repeat, "How many runs of the same plan")
          ->type_name("N")
          ->check(CLI::Range(1, 1000))
          ->capture_default_str();
      app.add_flag("--plan", options->plan_only,
                   "Run nothing; print the plan as TOML, with every choice made");
      app.add_flag(
          "--self-test", options->self_test,
          "Sow faults into a few steps of this plan and say whether each is found; train nothing else");
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Exit code 0: done (and all repeats identical); 1: repeats differ; 2: trouble.\n"
          "Example:  reprise run waves --set steps=50 --pin threads=2 --repeat 2");
      return [options] { return run_plan(*options); };
    },
};

}  // namespace reprise::verbs
