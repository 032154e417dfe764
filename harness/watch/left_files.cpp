// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/left_files.h"

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/left/file_name.h"
#include "harness/left/left_file.h"
#include "harness/trace/files_seen.h"
#include "harness/trace/trace.h"
#include "harness/watch/written_files.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 2000;

struct Place {
  fs::path path;
  bool opened = true;
  bool own = false;  // no other run can have written it: it lies in a folder of this run's own
};
using Places = std::map<std::string, Place>;  // by the name that is the same in each run

// What lies in its folder of its own it wrote: that was empty when it began.
void add_out(const fs::path& run, Places& places) {
  std::error_code error, ignored;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(run / "out", options, error), end; !error && it != end;
       it.increment(error))
    if (it->is_regular_file(ignored))
      places["{out}/" + name_below(it->path(), run / "out")] = {it->path(), true, true};
}

Places places_of(const fs::path& run) {
  Places places;
  add_out(run, places);
  for (const auto& [place, name, opened] : files_written_by(run)) {
    const bool viewed = !name_below(place, run / "fresh").empty();
    if (!viewed && !name_below(place, run).empty()) continue;
    places[name] = {place, opened, viewed};
  }
  std::erase_if(places, [](const auto& one) { return is_no_result(one.first); });
  return places;
}

bool is_artifact(const std::string& name, const std::vector<Artifact>& artifacts) {
  return std::ranges::any_of(
      artifacts, [&](const Artifact& one) { return one.name == name || one.name.starts_with(name + ":"); });
}

// Runs of a command that is told where to write go side by side (launch/launch.cpp).
bool goes_beside_others(const Plan& plan) {
  return plan.command && std::ranges::any_of(plan.command->words, [](const std::string& word) {
           return word.find("{out}") != std::string::npos;
         });
}

LeftFile unkept(const std::string& name, const char* why) {
  LeftFile file{as_utf8(name)};
  file.remark = why;
  return file;
}

LeftFile look(const std::string& name, const Place& place, const fs::path& run, std::size_t number,
              bool beside, LeftBudget& budget) {
  if (beside && !place.own)
    return unkept(
        name,
        "it lies outside of {out}, where runs of this command, which may go side by side, write to the "
        "same file");
  if (place.opened) return looked_at(place.path, name, run, fmt::format("left/{}.txt", number), budget);
  return unkept(name, "it changed while the run went on, but no program of the run was seen to open it");
}

}  // namespace

void keep_left(const Plan& plan, const fs::path& run) {
  if (!is_told_whole(plan) || !fs::is_regular_file(run / "start.json")) return;
  const auto artifacts = plan.watch.artifacts.empty() ? std::vector<Artifact>() : Trace(run).artifacts();
  const Places places = places_of(run);
  LeftRecord record;
  LeftBudget budget;
  for (const auto& [name, place] : places) {
    if (record.files.size() == most_files) {
      record.beyond = places.size() - most_files;
      break;
    }
    LeftFile file = look(name, place, run, record.files.size() + 1, goes_beside_others(plan), budget);
    file.artifact = is_artifact(file.name, artifacts);
    record.files.push_back(std::move(file));
  }
  write_left(record, run);
}

}  // namespace reprise
