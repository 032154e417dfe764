// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/command_run.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/machine/cpu.h"
#include "harness/plan/command_table.h"
#include "harness/trace/files_seen.h"
#include "harness/trace/run_traces.h"
#include "harness/watch/artifacts.h"
#include "harness/watch/command_setting.h"
#include "harness/watch/git_state.h"
#include "harness/watch/log_tail.h"
#include "harness/watch/opened_files.h"
#include "harness/watch/process_outcome.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr const char* stop_variable = "REPRISE_STOP_AFTER";

// What digests a GPU's tensors where they lie: beside the program, or where somebody says.
fs::path digest_library() {
  if (const char* named = std::getenv("REPRISE_CUDA_LIBRARY")) return named;
  return (program_folder() / "../lib/libreprise_cuda.so").lexically_normal();
}

void add_recorder(const Plan& plan, const fs::path& run, const Recorder& recorder,
                  std::map<std::string, std::string>& variables) {
  const std::string places = variables["PYTHONPATH"];
  variables["PYTHONPATH"] = recorder.site.string() + (places.empty() ? "" : ":" + places);
  variables["REPRISE_FOLDER"] = run.string();
  variables["REPRISE_PLAN"] = (run / "plan.toml").string();
  variables["REPRISE_RECORDER"] = recorder.library.string();
  variables["REPRISE_TORCH"] = recorder.torch;
  if (const fs::path digests = digest_library(); fs::exists(digests))
    variables["REPRISE_CUDA_LIBRARY"] = digests.string();
  variables["REPRISE_BEGIN"] = (recorder.site / "begin.py").string();
  if (plan.watch.hash_all_files) variables["REPRISE_HASH_FILES"] = "all";
  if (plan.command->seeding == Seeding::imposed) variables["REPRISE_SEED"] = plan.pins.at("seed");
}

// Goes first, before what the user hands on by keep_env.
void add_preload(const Recorder& recorder, std::map<std::string, std::string>& variables) {
  const std::string path = fs::weakly_canonical(recorder.preload).string();
  if (path.find_first_of(" :") != std::string::npos)
    fail("wanted a path without a space or colon, which LD_PRELOAD would cut, found '{}'; move reprise",
         path);
  if (const auto other = variables.find("LD_PRELOAD"); other != variables.end()) {
    variables["REPRISE_OTHER_PRELOAD"] = other->second;
    other->second = path + ":" + other->second;
  } else {
    variables["LD_PRELOAD"] = path;
  }
}

bool is_observation(const fs::path& file) {
  return file.filename().string().starts_with("observed") && file.extension() == ".json";
}

// What the recorder wrote about the processes of a run: those that trained, in their order, then the others.
std::vector<nlohmann::json> observations(const fs::path& run) {
  std::vector<fs::path> files;
  for (const auto& folder : process_folders(run))
    if (fs::exists(folder / "observed.json")) files.push_back(folder / "observed.json");
  for (const auto& file : list_folder(run))
    if (is_observation(file) && file.filename() != "observed.json") files.push_back(file);
  std::vector<nlohmann::json> all;
  for (const auto& file : files) {
    auto observed = nlohmann::json::parse(read_file(file, "observation"), nullptr, false);
    if (!observed.is_discarded()) all.push_back(std::move(observed));
  }
  return all;
}

// How many steps each process of a kind made at least: "forked-" of forked children, which are not watched,
// "replaced-" of those in whose place another program went on.
std::vector<std::int64_t> counted_steps(const fs::path& run, std::string_view kind) {
  std::vector<std::int64_t> steps;
  for (const auto& file : list_folder(run)) {
    if (!file.filename().string().starts_with(kind) || file.extension() != ".json") continue;
    const auto counted = nlohmann::json::parse(read_file(file, "count"), nullptr, false);
    if (counted.is_object()) steps.push_back(counted.value("steps", std::int64_t{0}));
  }
  return steps;
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
  if (const auto replaced = counted_steps(run, "replaced-"); !replaced.empty())
    return fmt::format(
        "the script trained {} steps and then let another program take its place (os.exec), which ends what "
        "is seen of it; start that program as a child (subprocess.run) instead",
        replaced.front());
  if (all.empty() && files_seen(run).listed)
    return "the recorder was loaded, but the process ended without a word to it: it was killed, or replaced "
           "by another program";
  if (all.empty())
    return "the recorder was not loaded: the command starts neither a Python nor a program that uses "
           "LibTorch";
  if (!torch) return "the script never imported torch, so there was no training to watch";
  if (!counted_steps(run, "forked-").empty())
    return "only forked processes trained, and those are not watched; let the script start them by spawn";
  if (!trouble.empty()) return "no optimizer step was recorded: " + trouble;
  return "torch was imported but no optimizer step was seen: the script never trains, goes on from a "
         "checkpoint "
         "that has no step left, trains with another framework, or calls step() inside torch.compile, which "
         "hides it";
}

// What computed without LibTorch's dispatcher, with its share where that is known.
void add_coverage(const nlohmann::json& observed, std::vector<std::string>& notes) {
  const int graphs = observed.value("compiled_graphs", 0), hidden = observed.value("compiled_operators", 0),
            seen = observed.value("calls_counted", 0);
  if (graphs > 0) {
    std::string text = fmt::format("not observed: {} operators of the script that torch.compile made into {}",
                                   hidden, graphs == 1 ? "1 graph" : fmt::format("{} graphs", graphs));
    if (seen > 0)
      text += fmt::format(", beside {} operator calls seen in step 2 ({:.0f} % of both)", seen,
                          100.0 * hidden / (hidden + seen));
    notes.push_back(text + "; their effect on the weights is seen");
  }
  if (const int replays = observed.value("graph_replays", 0); replays > 0)
    notes.push_back(fmt::format(
        "not observed: operators in {} replays of CUDA graphs; their effect on the weights is seen",
        replays));
  const auto extensions = observed.value("extensions", std::vector<std::string>());
  if (!extensions.empty())
    notes.push_back(fmt::format("not observed: what {} compute outside LibTorch's dispatcher, if anything",
                                extensions.size() == 1
                                    ? "the extension " + extensions.front() + " may"
                                    : "the extensions " + join(extensions, ", ") + " may"));
}

void add_forked(const fs::path& run, std::vector<std::string>& notes) {
  auto steps = counted_steps(run, "forked-");
  if (steps.empty()) return;
  const auto [fewest, most] = std::ranges::minmax(steps);
  const std::string made = fewest == most ? std::to_string(most) : fmt::format("{} to {}", fewest, most);
  notes.push_back(steps.size() == 1
                      ? fmt::format("not observed: a forked process made {} optimizer steps", made)
                      : fmt::format("not observed: {} forked processes made {} optimizer steps each",
                                    steps.size(), made));
}

void add_notes(const nlohmann::json& observed, std::vector<std::string>& notes) {
  for (const auto& [words, count] : observed["troubles"].items())
    notes.push_back(
        fmt::format("the recorder could not do something ({} times): {}", count.get<int>(), words));
  if (const auto& unobserved = observed["unobserved"]; !unobserved.empty())
    notes.push_back(fmt::format("not observed: {} of the tensors handed over, such as {} ({})",
                                unobserved.size(), unobserved.begin().key(),
                                unobserved.begin().value().get<std::string>()));
  add_coverage(observed, notes);
  for (const auto& note : observed.value("notes", nlohmann::json::array()))
    notes.push_back(note.get<std::string>());
}

// What of a run could not be seen, in any process that trained; what several say is said once.
std::vector<std::string> notes_of(const fs::path& run) {
  std::vector<std::string> notes, once;
  for (const auto& observed : observations(run))
    if (observed.value("steps", 0) > 0) add_notes(observed, notes);
  add_forked(run, notes);
  for (auto& note : notes)
    if (std::ranges::find(once, note) == once.end()) once.push_back(std::move(note));
  return once;
}

// What is known before the command starts, for whoever writes the trace.
void write_given_facts(const Plan& plan, const fs::path& run, const fs::path& program, const fs::path& folder,
                       const std::map<std::string, std::string>& variables) {
  Facts facts = git_facts(script_folder(plan, folder), variables);
  facts["command.program.sha256"] = sha256_file(program);
  write_atomically(run / "given.json",
                   nlohmann::json(facts).dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// Of a run that no recorder saw.
Facts known_facts(const fs::path& run) {
  auto facts = nlohmann::json::parse(read_file(run / "given.json", "facts")).get<Facts>();
  const Cpu cpu = this_cpu();
  facts["cpu.architecture"] = cpu.architecture;
  facts["cpu.model"] = cpu.model;
  facts["cpu.flags"] = join(cpu.flags, " ");
  facts["reprise.version"] = REPRISE_VERSION;
  return facts;
}

// Adds what the run left to its trace, which is made where no step was seen.
void keep_artifacts(const Plan& plan, const fs::path& run, Outcome& outcome) {
  const fs::path trace = run / "trace.h5";
  const Artifacts artifacts = collect_artifacts(plan, fs::absolute(run));
  if (!fs::exists(trace)) {
    write_trace_of_no_step(plan, known_facts(run), trace);
    outcome.notes.push_back("no optimizer step was seen: only what the run left is compared");
  }
  add_artifacts(trace, artifacts.found);
  outcome.notes.insert(outcome.notes.end(), artifacts.notes.begin(), artifacts.notes.end());
}

// A run that was to be stopped did what it was asked, however it ended then: what each of its processes saw
// is whole, up to that step at least.
bool stopped_as_asked(const Plan& plan, const ProcessEnd& end, const SettledProcesses& settled) {
  const auto& processes = settled.manifest.processes;
  const std::int64_t step = stop_after(plan);
  return step > 0 && !end.timed_out && !processes.empty() &&
         std::ranges::all_of(processes,
                             [step](const ProcessEntry& one) { return one.finished && one.steps >= step; });
}

std::string stop_note(const Plan& plan, const ProcessEnd& end) {
  return fmt::format("it was sent SIGTERM after step {}, as the plan asks, and ended {}", stop_after(plan),
                     end.signal != 0 ? fmt::format("by signal {}", end.signal)
                                     : fmt::format("with exit code {}", end.exit_code));
}

bool ended_well(const ProcessEnd& end) { return end.signal == 0 && !end.timed_out && end.exit_code == 0; }

}  // namespace

void stop_after(Plan& plan, std::int64_t step) {
  plan.command->variables[stop_variable] = std::to_string(step);
}

std::int64_t stop_after(const Plan& plan) {
  const auto found = plan.command->variables.find(stop_variable);
  return found == plan.command->variables.end() ? 0 : to_integer(found->second).value_or(0);
}

ProcessStart command_start(const Plan& plan, const fs::path& run,
                           const std::function<void(const std::string&)>& tell) {
  const fs::path out = run / "out";
  auto [folder, program, words, variables, entrance, recorder] = command_setting(plan, out.string(), tell);
  if (words != plan.command->words) make_folder(out);
  write_given_facts(plan, run, program, folder, variables);
  if (!recorder && plan.watch.artifacts.empty())
    fail(
        "wanted a Python with torch, found none in {}; start the command with the Python that has it, or "
        "name "
        "what it leaves: --set artifacts=out/*.pt",
        entrance.python.value_or(program).string());
  add_opened(run, variables);
  if (recorder) add_recorder(plan, run, *recorder, variables);
  if (recorder && entrance.preload) add_preload(*recorder, variables);
  words[0] = program.string();
  return {words, variables, run / "log.txt", folder};
}

namespace {

Outcome outcome_of_command(const Plan& plan, const ProcessEnd& end, const fs::path& run,
                           const SettledProcesses& settled, std::chrono::seconds time_limit) {
  const fs::path trace = run / "trace.h5";
  const bool keeps = !plan.watch.artifacts.empty() && plan.watch.until == 0;
  std::vector<std::string> notes;
  if (keeps && ended_well(end) && !fs::exists(run / "refused.txt")) {
    Outcome kept;
    try {
      keep_artifacts(plan, run, kept);
    } catch (const Error& error) {
      kept = outcome_of(end, run / "none", run / "log.txt", time_limit);
      kept.reason = error.what();
      return kept;
    }
    notes = kept.notes;
  }
  Outcome outcome = outcome_of(end, trace, run / "log.txt", time_limit);
  if (outcome.done()) {
    outcome.notes = notes_of(run);
    outcome.notes.insert(outcome.notes.end(), notes.begin(), notes.end());
    outcome.notes.insert(outcome.notes.end(), settled.notes.begin(), settled.notes.end());
    if (auto note = opened_note(); !note.empty()) outcome.notes.push_back(std::move(note));
  }
  if (end.timed_out && !settled.where_all_stood.empty()) outcome.reason += "; " + settled.where_all_stood;
  if (outcome.done() || end.signal != 0 || end.timed_out) return outcome;
  outcome.ending = Ending::failed;
  if (fs::exists(run / "refused.txt"))
    outcome.reason = read_file(run / "refused.txt", "refusal");
  else if (end.exit_code != 0)
    outcome.reason = fmt::format("{}the command ended with exit code {}; {}",
                                 settled.first_end.empty() ? "" : settled.first_end + "; ", end.exit_code,
                                 telling_line(end_of_log(run / "log.txt")));
  else
    outcome.reason = cause_of_nothing(run);
  return outcome;
}

}  // namespace

Outcome command_outcome(const ProcessEnd& end, const fs::path& run, const SettledProcesses& settled,
                        std::chrono::seconds time_limit) {
  const fs::path file = run / "plan.toml";
  const Plan plan = plan_from_toml(read_file(file, "plan"), file.string());
  if (!stopped_as_asked(plan, end, settled)) return outcome_of_command(plan, end, run, settled, time_limit);
  ProcessEnd stopped = end;
  stopped.signal = stopped.exit_code = 0;
  Outcome outcome = outcome_of_command(plan, stopped, run, settled, time_limit);
  if (!ended_well(end)) outcome.notes.push_back(stop_note(plan, end));
  return outcome;
}

}  // namespace reprise
