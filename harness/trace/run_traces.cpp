// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/run_traces.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/plan/plan_text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

bool holds_trace(const fs::path& folder) {
  return fs::is_regular_file(folder / "trace.h5") || fs::is_regular_file(folder / "trace.h5.partial");
}

std::string fact(const Trace& trace, const std::string& name) {
  const auto found = trace.facts().find(name);
  return found == trace.facts().end() ? std::string() : found->second;
}

void must_be_the_one(const fs::path& run, const ProcessEntry& wanted, const Trace& trace) {
  const ProcessEntry found = entry_of(trace, wanted.folder);
  if (found.chain != wanted.chain || found.steps != wanted.steps)
    fail(
        "the run {} is not whole: its run.toml names a trace in {} with {} steps and chain {}, found one "
        "with {} "
        "steps and chain {}; files of two runs were mixed, so copy it again or run it again",
        run.string(), wanted.folder, wanted.steps, wanted.chain, found.steps, found.chain);
}

void must_name_all(const fs::path& run, const RunManifest& manifest) {
  for (const auto& folder : process_folders(run)) {
    const std::string name = fs::relative(folder, run).string();
    if (std::ranges::find(manifest.processes, name, &ProcessEntry::folder) == manifest.processes.end())
      fail(
          "the run {} holds a trace in {} that its run.toml does not name; files of two runs were mixed, so "
          "copy it "
          "again or run it again",
          run.string(), name);
  }
}

RunTraces as_named(const fs::path& run, const RunManifest& manifest) {
  RunTraces traces{manifest.execution, manifest.told_by, manifest.cut_short, {}};
  must_name_all(run, manifest);
  for (const auto& process : manifest.processes) {
    const fs::path folder = (run / process.folder).lexically_normal();
    if (!holds_trace(folder))
      fail(
          "the run {} is not whole: its run.toml names {} processes that trained, but the trace of {} is not "
          "there; copy the whole folder, or run it again",
          run.string(), manifest.processes.size(), process.folder);
    Trace trace(folder);
    must_be_the_one(run, process, trace);
    traces.processes.push_back({process, trace});
  }
  const PlanNames names = names_of_plan_text(traces.processes.front().trace.plan_text());
  if (names.plan_id != manifest.plan_id)
    fail("the run {} is not whole: its run.toml is of the plan {}, its trace of the plan {}; run it again",
         run.string(), manifest.plan_id, names.plan_id);
  return traces;
}

// Before there was a manifest: ranks and other processes lay below the run's folder.
RunTraces as_found(const fs::path& run) {
  RunTraces traces;
  for (const auto& folder : process_folders(run)) {
    Trace trace(folder);
    traces.processes.push_back({entry_of(trace, fs::relative(folder, run).string()), trace});
  }
  if (traces.processes.size() < 2) return traces;
  const bool ranked = std::ranges::all_of(traces.processes, [](const ProcessTrace& process) {
    return process.who.folder == "." || process.who.folder.starts_with("rank-");
  });
  traces.told_by = ranked ? ToldBy::rank : ToldBy::content;
  return traces;
}

}  // namespace

RunTraces run_of_one(const Trace& trace) {
  return {"", ToldBy::alone, false, {{entry_of(trace, "."), trace}}};
}

ProcessEntry entry_of(const Trace& trace, const std::string& folder) {
  ProcessEntry entry;
  entry.folder = folder;
  entry.rank = fact(trace, "process.rank");
  entry.place = fact(trace, "process.place");
  entry.arguments = fact(trace, "process.arguments");
  entry.steps = entry.made = trace.last_step();
  entry.chain = to_text(trace.chain(trace.last_step()));
  entry.finished = trace.finished();
  return entry;
}

std::vector<fs::path> process_folders(const fs::path& run) {
  std::vector<fs::path> folders;
  if (holds_trace(run)) folders.push_back(run / ".");
  for (const auto& folder : list_folder(run)) {
    const std::string name = folder.filename().string();
    if ((name.starts_with("rank-") || name.starts_with("process-")) && holds_trace(folder))
      folders.push_back(folder);
  }
  return folders;
}

RunTraces read_run(const fs::path& path) {
  if (!fs::is_directory(path)) {
    const fs::path folder = fs::absolute(path).parent_path();
    const bool by_name = path.filename() == "trace.h5" && fs::exists(path);
    if (const auto manifest = by_name ? manifest_in(folder) : std::nullopt)
      return as_named(folder, *manifest);
    if (const auto manifest = by_name ? manifest_in(folder.parent_path()) : std::nullopt;
        manifest && manifest->processes.size() > 1)
      fail(
          "{} is the trace of one of {} processes of the run {}: name the run's folder, so that all are "
          "compared",
          path.string(), manifest->processes.size(), folder.parent_path().string());
    return run_of_one(Trace(path));
  }
  if (const auto manifest = manifest_in(path)) return as_named(path, *manifest);
  if (process_folders(path).empty()) Trace{path};  // says what is missing
  return as_found(path);
}

}  // namespace reprise
