// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/resume_making.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/judge/compare/divergence_words.h"
#include "harness/options/word_checks.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char *whole = "whole", *resumed = "resumed";

Json json_of(const RunResult& run) {
  Json json{{"folder", run.folder.string()},
            {"status", run.outcome.done() ? "done" : "untested"},
            {"reused", run.reused}};
  if (!run.outcome.done()) json["reason"] = run.outcome.reason;
  json["notes"] = run.outcome.notes;
  return json;
}

std::string json_of(const ResumeRuns& runs, const Plan& plan) {
  Json json{{"schema", "reprise.resume/1"}, {"recipe", plan.recipe}, {"plan", plan_id(plan)}};
  json["result"] = !runs.aligned ? "untested" : runs.same() ? "identical" : "differs";
  json["sentence"] = sentence_of(runs);
  json["whole"] = json_of(runs.whole);
  json["stopped"] = runs.stopped ? json_of(*runs.stopped) : Json(nullptr);
  json["resumed"] = runs.resumed ? json_of(*runs.resumed) : Json(nullptr);
  json["steps"] = runs.steps;
  json["stopped_after"] = runs.stopped_after;
  json["resumed_after"] = runs.aligned ? Json(runs.aligned->align) : Json(nullptr);
  json["checkpoint"] = runs.checkpoint.string();
  json["not_restored"] = Json::array();
  if (runs.aligned)
    for (const auto& process : runs.aligned->processes)
      for (const auto& part : not_restored(process))
        json["not_restored"].push_back({{"process", process.label}, {"part", part}});
  json["aligned"] = runs.aligned ? Json::parse(to_json(*runs.aligned, whole, resumed)) : Json(nullptr);
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void print_run(const char* name, const RunResult& run, const std::string& what) {
  std::cout << fmt::format("  {:<8} {}{}\n           {}\n", name, what,
                           run.reused ? "  (this run existed)" : "", run.folder.string());
  for (const auto& note : run.outcome.notes) std::cout << fmt::format("           note: {}\n", note);
}

void print(const ResumeRuns& runs) {
  const auto steps = [](std::int64_t count) { return counted(static_cast<std::size_t>(count), "step"); };
  print_run(whole, runs.whole, runs.steps > 0 ? steps(runs.steps) : "untested");
  if (runs.stopped)
    print_run("stopped", *runs.stopped,
              runs.stopped_after > 0 ? "after step " + std::to_string(runs.stopped_after) : "untested");
  if (runs.resumed)
    print_run(resumed, *runs.resumed,
              runs.aligned ? "from step " + std::to_string(runs.aligned->align) : "untested");
  if (!runs.checkpoint.empty()) std::cout << fmt::format("           given {}\n", runs.checkpoint.string());
  if (runs.aligned && runs.aligned->align < runs.stopped_after)
    std::cout << fmt::format("The checkpoint is of step {}, {} before the script was stopped.\n",
                             runs.aligned->align, steps(runs.stopped_after - runs.aligned->align));
  if (runs.aligned) std::cout << to_text(*runs.aligned, whole, resumed);
}

}  // namespace

void add_resume_options(CommandOptions& app, ResumeOrder& order) {
  app.add_option(
         "--resume-from-checkpoint", order.resume,
         "Of a script: does it go on from its checkpoint as if it had never stopped? Three runs tell: the "
         "whole one, one that is stopped, and one with these arguments, in which {checkpoint} stands for "
         "what the second left. 'arg:NAME=VALUE' replaces an argument that stands in the command")
      ->type_name("ARGUMENTS")
      ->allow_extra_args(false);
  app.add_option(
         "--checkpoint", order.checkpoint,
         "With --resume-from-checkpoint: the file or folder that the stopped run leaves, from the folder "
         "the command is started in, or below {out}")
      ->type_name("PATH");
  app.add_option("--stop-arguments", order.stop_arguments,
                 "With --resume-from-checkpoint: arguments with which the script stops by itself")
      ->type_name("ARGUMENTS")
      ->allow_extra_args(false);
  app.add_option(
         "--stop-after", order.stop_after,
         "With --resume-from-checkpoint: the step after which the script is sent SIGTERM, as a scheduler "
         "stops a job")
      ->type_name("STEP")
      ->check(number_between(1, 1e12));
}

bool wants_resume(const CommandOptions& app) {
  if (app.count("--resume-from-checkpoint") > 0) {
    refuse_idle(app, {"--repeat", "--self-test", "--plan", "--no-own-seeds"},
                "with --resume-from-checkpoint, which makes three runs of its own");
    return true;
  }
  refuse_idle(app, {"--checkpoint", "--stop-arguments", "--stop-after"}, "without --resume-from-checkpoint");
  return false;
}

int make_resume(const ResumeOrder& order, const Plan& plan, const LaunchChoices& choices, bool json) {
  const ResumeRuns runs = run_resume(plan, order, launch_options(choices));
  end_progress();
  if (was_interrupted()) return interrupted_exit;
  const int code = !runs.aligned ? 2 : runs.same() ? 0 : 1;
  const std::string sentence = sentence_of(runs);
  tell_verdict(choices.progress, code, sentence);
  if (json) {
    std::cout << json_of(runs, plan);
    return code;
  }
  std::cout << fmt::format("{}, plan {}\n", plan.recipe, plan_id(plan)) << std::flush;
  print(runs);
  std::cout << sentence << '\n';
  return code;
}

}  // namespace reprise
