// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/written_files.h"

#include <algorithm>
#include <set>

#include "harness/base/files.h"
#include "harness/trace/files_seen.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

bool programs_were_watched(const fs::path& run) {
  return std::ranges::any_of(list_folder(run), [](const fs::path& file) {
    return file.filename().string().starts_with("opened-") && file.extension() == ".jsonl";
  });
}

}  // namespace

std::vector<WrittenFile> files_written_by(const fs::path& run) {
  const FilesSeen seen = files_seen(run);
  std::vector<WrittenFile> written;
  if (!seen.start) return written;
  std::set<std::string> paths = seen.changed;
  for (const auto& [path, one] : seen.paths)
    if (one.kinds.contains("write")) paths.insert(path);
  const bool watched = programs_were_watched(run);
  for (const auto& path : paths) {
    const std::string name = path_for_people(path, seen.start->folder);
    const bool viewed = !seen.start->view.empty() && name != path;
    const fs::path place = viewed ? run / "fresh" / name : fs::path(path);
    std::error_code ignored;
    if (fs::is_regular_file(place, ignored))
      written.push_back({place, name, viewed || !watched || seen.paths.contains(path)});
  }
  return written;
}

bool is_told_whole(const Plan& plan) {
  return plan.watch.until == 0 && plan.watch.from == 0 && plan.watch.ops.empty() && !plan.watch.injected;
}

}  // namespace reprise
