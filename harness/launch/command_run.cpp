// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/command_run.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/launch/launch.h"
#include "harness/launch/log_tail.h"
#include "harness/launch/recorder.h"
#include "harness/launch/run_folder.h"
#include "harness/trace/command_table.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> command_environment(const Plan& plan) {
  auto variables = run_environment(plan);
  for (const auto& name : plan.command->keep_env)
    if (const std::string value = environment_text(name.c_str()); !value.empty())
      variables.emplace(name, value);
  if (const std::string places = environment_text("PYTHONPATH"); !places.empty())
    variables.emplace("PYTHONPATH", places);
  return variables;
}

void add_recorder(const Plan& plan, const fs::path& run, const Recorder& recorder,
                  std::map<std::string, std::string>& variables) {
  const std::string places = variables["PYTHONPATH"];
  variables["PYTHONPATH"] = recorder.site.string() + (places.empty() ? "" : ":" + places);
  variables["REPRISE_FOLDER"] = run.string();
  variables["REPRISE_PLAN"] = (run / "plan.toml").string();
  variables["REPRISE_RECORDER"] = recorder.library.string();
  variables["REPRISE_TORCH"] = recorder.torch;
  if (plan.command->seeding == "imposed") variables["REPRISE_SEED"] = plan.pins.at("seed");
}

// The Python whose torch the command will import: its own, else the usual one, for a command that starts it.
fs::path likely_python(const fs::path& program, const std::map<std::string, std::string>& variables) {
  if (const auto python = python_of(program, variables)) return *python;
  return program_of("python3", variables, {});
}

std::string last_line(const std::vector<std::string>& lines) {
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (!trim(*line).empty()) return *line;
  return "";
}

// What the recorder wrote about the processes of a run: the one that trained first, then the others.
std::vector<nlohmann::json> observations(const fs::path& run) {
  std::vector<nlohmann::json> all;
  for (const auto& file : list_folder(run)) {
    if (!file.filename().string().starts_with("observed") || file.extension() != ".json") continue;
    auto observed = nlohmann::json::parse(read_file(file, "observation"), nullptr, false);
    if (observed.is_discarded()) continue;
    const bool trained = file.filename() == "observed.json";
    all.insert(trained ? all.begin() : all.end(), std::move(observed));
  }
  return all;
}

// The likely cause where a script left no trace.
std::string cause_of_nothing(const fs::path& run) {
  const auto all = observations(run);
  bool torch = false;
  std::string trouble;
  for (const auto& observed : all) {
    torch = torch || !observed["torch"].is_null();
    for (const auto& [words, count] : observed["troubles"].items()) trouble = words;
  }
  if (all.empty())
    return "the recorder was not loaded: the command starts no Python, or starts it with -I, -E or -S, which "
           "ignore PYTHONPATH; leave these out";
  if (!torch) return "the script never imported torch, so there was no training to watch";
  if (!trouble.empty()) return "no optimizer step was recorded: " + trouble;
  return "torch was imported but no optimizer step was seen: the script never trains, trains with another "
         "framework, or calls step() inside torch.compile, which hides it";
}

// What of a run could not be seen.
std::vector<std::string> notes_of(const fs::path& run) {
  std::vector<std::string> notes;
  const auto all = observations(run);
  if (all.empty()) return notes;
  const auto& observed = all.front();
  for (const auto& [words, count] : observed["troubles"].items())
    notes.push_back(
        fmt::format("the recorder could not do something ({} times): {}", count.get<int>(), words));
  if (const auto& unobserved = observed["unobserved"]; !unobserved.empty())
    notes.push_back(fmt::format("not observed: {} of the tensors handed over, such as {} ({})",
                                unobserved.size(), unobserved.begin().key(),
                                unobserved.begin().value().get<std::string>()));
  if (const int graphs = observed["compiled_graphs"].get<int>(); graphs > 0)
    notes.push_back(fmt::format(
        "not observed: operators inside what torch.compile compiled (graphs: {}); their effect on the "
        "weights is",
        graphs));
  return notes;
}

}  // namespace

ProcessStart command_start(const Plan& plan, const fs::path& run,
                           const std::function<void(const std::string&)>& tell) {
  const fs::path out = run / "out",
                 folder = plan.command->folder.empty() ? fs::current_path() : fs::path(plan.command->folder);
  auto words = filled_words(plan, out.string());
  if (words != plan.command->words) make_folder(out);
  auto variables = command_environment(plan);
  const fs::path program = program_of(words[0], variables, folder);
  const fs::path python = likely_python(program, variables);
  const auto recorder = recorder_for(python, variables, folder, tell);
  if (!recorder)
    fail("wanted a Python with torch, found none in {}; start the command with the Python that has it",
         python.string());
  add_recorder(plan, run, *recorder, variables);
  words[0] = program.string();
  return {words, variables, run / "log.txt", folder};
}

Outcome command_outcome(const ProcessEnd& end, const fs::path& run, std::chrono::seconds time_limit) {
  const fs::path trace = run / "trace.h5";
  Outcome outcome = outcome_of(end, trace, run / "log.txt", time_limit);
  if (outcome.done()) outcome.notes = notes_of(run);
  if (outcome.done() || end.signal != 0 || end.timed_out) return outcome;
  outcome.kind = "failed";
  if (fs::exists(run / "refused.txt"))
    outcome.reason = read_file(run / "refused.txt", "refusal");
  else if (end.exit_code != 0)
    outcome.reason = fmt::format("the command ended with exit code {}; its last line: {}", end.exit_code,
                                 last_line(outcome.last_lines));
  else
    outcome.reason = cause_of_nothing(run);
  return outcome;
}

}  // namespace reprise
