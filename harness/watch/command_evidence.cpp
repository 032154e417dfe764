// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/command_evidence.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/watch/command_setting.h"
#include "harness/watch/folder_snapshot.h"
#include "harness/watch/git_state.h"
#include "harness/watch/run_start.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t files_told = 3;

std::string some_of(const std::vector<std::string>& paths) {
  const std::size_t told = std::min(paths.size(), files_told);
  std::string text = join(std::span(paths).first(told), ", ");
  return paths.size() > told ? fmt::format("{} and {} more", text, paths.size() - told) : text;
}

bool lies_below(const std::string& path, const std::string& folder) {
  return !folder.empty() && path.starts_with(folder + "/");
}

// What the recorder saw the run write beside its view and its own folder, and what is still there.
std::vector<std::string> written_elsewhere(const FilesSeen& seen, const fs::path& run) {
  std::vector<std::string> paths;
  for (const auto& [path, one] : seen.paths)
    if (one.kinds.contains("write") && !lies_below(path, seen.start->folder) &&
        !lies_below(path, run.string()) && !path.starts_with("/dev/") && fs::exists(path))
      paths.push_back(path);
  return paths;
}

}  // namespace

GivenNow command_now(const Plan& plan, const std::function<void(const std::string&)>& tell) {
  return {[&plan, tell] {
            const CommandSetting setting = command_setting(plan, "", tell);
            return command_givens(setting.program, setting.recorder, setting.variables);
          },
          [&plan, tell] {
            const CommandSetting setting = command_setting(plan, "", tell);
            return git_facts(script_folder(plan, setting.folder), setting.variables);
          },
          folder_of_command(plan)};
}

void begin_evidence(const Plan& plan, const fs::path& run, const fs::path& runs,
                    const std::optional<FreshWay>& fresh, const GivenNow& now, ProcessStart& start) {
  RunStart begin{now.given(), now.git(), fs::weakly_canonical(start.folder).string(), {}, false, ""};
  FolderFiles found = snapshot_of(begin.folder, runs);
  begin.whole = found.whole;
  if (found.whole) begin.files = std::move(found.files);
  if (fresh) begin.view = enter_fresh(*fresh, plan, run, runs, start).string();
  write_start(begin, run);
}

std::vector<std::string> end_evidence(const Plan& plan, const fs::path& run, const fs::path& runs) {
  FilesSeen seen = files_seen(run);
  if (!seen.start) return {};
  const fs::path folder = seen.start->folder;
  if (seen.start->view.empty()) {
    if (!seen.start->whole) return {};
    const FolderFiles now = snapshot_of(folder, runs);
    write_changed(changed_between(folder, seen.start->files, now.files), run);
    return {};
  }
  FreshLeft left = keep_fresh(plan, run);
  std::set<std::string> changed;
  for (const auto* names : {&left.written, &left.removed})
    for (const auto& name : *names) changed.insert((folder / name).string());
  write_changed(changed, run);
  if (const auto elsewhere = written_elsewhere(seen, run); !elsewhere.empty())
    left.notes.push_back("written outside of the run's own view of its folder, where other runs see it: " +
                         some_of(elsewhere));
  return left.notes;
}

std::vector<std::string> written_by_both(const fs::path& run_a, const fs::path& run_b) {
  const FilesSeen a = files_seen(run_a), b = files_seen(run_b);
  std::vector<std::string> both;
  if (!a.start || !b.start || !a.start->view.empty()) return both;
  for (const auto& [path, one] : a.paths)
    if (one.kinds.contains("write") && b.paths.contains(path) && b.paths.at(path).kinds.contains("write"))
      both.push_back(path_for_people(path, a.start->folder));
  return both;
}

}  // namespace reprise
