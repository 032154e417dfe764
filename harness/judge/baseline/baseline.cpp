// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/baseline.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/judge/baseline/environment.h"
#include "harness/judge/gathered/gathering.h"
#include "harness/trace/trace.h"

namespace reprise {
namespace {

constexpr std::int64_t most_steps = 1000;  // of one process, to keep the file small

std::string shortened(const Digest& digest) {
  constexpr std::size_t shown = 8;
  return digest.present() ? to_text(digest).substr(0, shown) : "-";
}

BaselineStep step_of(const Trace& trace, std::int64_t step) {
  BaselineStep row{step, {shortened(trace.root(step))}};
  for (const auto& digest : trace.stages(step)) row.digests.push_back(shortened(digest));
  return row;
}

std::vector<BaselineStep> steps_of(const Trace& trace) {
  const std::int64_t last = trace.last_step();
  const std::int64_t stride = 1 + last / most_steps;
  std::vector<BaselineStep> rows;
  for (std::int64_t step = 0; step < last; step += stride) rows.push_back(step_of(trace, step));
  rows.push_back(step_of(trace, last));
  return rows;
}

// Which process it is, by what tells the processes of this run apart.
std::string name_of(const ProcessEntry& who, ToldBy told_by) {
  switch (told_by) {
    case ToldBy::alone:
      return "";
    case ToldBy::rank:
      return "rank " + who.rank;
    case ToldBy::place:
    case ToldBy::time:
      return who.place.empty() ? "the command itself" : "place " + who.place;
    case ToldBy::content:
      return "";
  }
  return "";
}

BaselineProcess process_of(const ProcessTrace& process, ToldBy told_by) {
  const Trace& trace = process.trace;
  BaselineProcess made;
  made.name = name_of(process.who, told_by);
  made.last_step = trace.last_step();
  made.chain = to_text(trace.chain(trace.last_step()));
  made.data = to_text(trace.data_digest());
  made.steps = steps_of(trace);
  for (const auto& [step, metric] : trace.metrics())
    made.metrics[metric.name] = fmt::format("{}", metric.value);
  return made;
}

// Where nothing but their content tells processes apart, their content numbers them.
void name_by_content(std::vector<BaselineProcess>& processes) {
  std::ranges::sort(processes, {},
                    [](const auto& process) { return std::pair(process.name, process.chain); });
  std::map<std::string, std::size_t> seen;
  for (const auto& process : processes) ++seen[process.name];
  if (processes.size() == 1 || seen.size() == processes.size()) return;
  for (std::size_t i = 0; i < processes.size(); ++i) processes[i].name = fmt::format("process {}", i + 1);
}

void refuse_what_is_no_whole_run(const RunTraces& run, const std::filesystem::path& folder) {
  const Plan& plan = run.processes.front().trace.plan();
  if (!trains_whole(plan))
    fail(
        "{}: wanted a whole run, found one of some of its steps, or with an injected fault or a moved weight",
        folder.string());
  if (run.cut_short) fail("{}: wanted a whole run, found one that was ended before its end", folder.string());
  for (const auto& process : run.processes)
    if (!process.trace.finished() || !process.who.ended.empty())
      fail("{}: wanted a run that came to its end, found one whose process {} did not", folder.string(),
           process.who.folder);
}

std::map<std::string, std::string> unusual_pins(const Pins& pins) {
  std::map<std::string, std::string> unusual;
  const Pins usual = default_pins();
  for (const auto& [name, value] : pins)
    if (const auto known = usual.find(name); known == usual.end() || known->second != value)
      unusual.emplace(name, value);
  return unusual;
}

}  // namespace

Baseline baseline_of(const RunTraces& run, const std::filesystem::path& folder) {
  refuse_what_is_no_whole_run(run, folder);
  const Trace& first = run.processes.front().trace;
  Baseline baseline;
  baseline.recipe = first.plan().recipe;
  baseline.recipe_id = recipe_id(first.plan());
  baseline.plan_id = plan_id(first.plan());
  baseline.pins = unusual_pins(first.plan().pins);
  baseline.hardware = hardware_of(first.facts());
  baseline.software = software_of(first.facts());
  if (!first.artifacts().empty()) baseline.artifacts = to_text(first.artifacts_digest());
  for (const auto& process : run.processes) baseline.processes.push_back(process_of(process, run.told_by));
  name_by_content(baseline.processes);
  baseline.run = folder.generic_string();
  return baseline;
}

std::string run_digest(const Baseline& baseline) {
  std::string text = "artifacts " + baseline.artifacts + "\n";
  for (const auto& process : baseline.processes)
    text += fmt::format("{}\t{}\t{}\t{}\n", process.name, process.last_step, process.chain, process.data);
  constexpr std::size_t digits = 32;
  return sha256_text(text).substr(0, digits);
}

std::string environment_id(const Facts& hardware) {
  std::string text;
  for (const auto& [name, value] : hardware) text += name + "\t" + value + "\n";
  constexpr std::size_t digits = 12;
  return sha256_text(text).substr(0, digits);
}

std::string file_name(const Baseline& baseline) {
  constexpr std::size_t digits = 8;
  std::string recipe;
  for (const char letter : baseline.recipe)
    recipe += std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  return fmt::format("{}-{}-{}.toml", recipe, baseline.plan_id.substr(0, digits),
                     environment_id(baseline.hardware));
}

}  // namespace reprise
