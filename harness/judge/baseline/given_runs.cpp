// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/given_runs.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/gathered/gathering.h"
#include "harness/matrix/matrix.h"
#include "harness/trace/run_traces.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

bool is_run(const fs::path& folder) {
  return fs::exists(folder / "plan.toml") || fs::exists(folder / "trace.h5");
}

// Why the run did not come to its end, or "".
std::string trouble_of(const fs::path& folder) {
  if (!fs::exists(folder / "plan.toml")) return "";  // a trace alone: it says itself whether it ended
  if (!fs::exists(folder / "outcome.toml"))
    return "it has no outcome: it runs still, or was ended with the machine";
  const fs::path file = folder / "outcome.toml";
  const Outcome outcome = outcome_from_toml(read_file(file, "outcome"), file.string());
  return outcome.done() ? "" : outcome.reason;
}

// A run's folder and its plan, read once.
struct Found {
  fs::path folder;
  std::optional<Plan> plan;  // nothing: it has none, or one that cannot be read
  std::string trouble;       // why it cannot be read
};

Found found_at(const fs::path& folder) {
  Found found{folder, std::nullopt, ""};
  const fs::path file = folder / "plan.toml";
  if (!fs::exists(file)) return found;
  try {
    found.plan = plan_from_toml(read_file(file, "plan"), file.string());
  } catch (const Error& error) {
    found.trouble = error.what();
  }
  return found;
}

GivenRun read_given(const Found& found) {
  GivenRun given{found.folder, found.plan ? found.plan->recipe : "", std::nullopt, found.trouble};
  if (!given.trouble.empty()) return given;
  try {
    given.trouble = trouble_of(found.folder);
    if (!given.trouble.empty()) return given;
    given.gave = baseline_of(read_run(found.folder), found.folder);
    given.recipe = given.gave->recipe;
  } catch (const Error& error) {
    given.trouble = error.what();
  }
  return given;
}

// A run without a plan stays: it is told as what it is.
std::vector<Found> asked_for_of(const std::set<fs::path>& folders) {
  std::vector<Found> kept, planned;
  std::vector<Plan> plans;
  for (const auto& folder : folders) {
    Found found = found_at(folder);
    if (found.plan) plans.push_back(*found.plan);
    (found.plan ? planned : kept).push_back(std::move(found));
  }
  const auto asked = asked_for(plans);
  for (std::size_t i = 0; i < planned.size(); ++i)
    if (asked[i]) kept.push_back(std::move(planned[i]));
  std::ranges::sort(kept, {}, &Found::folder);
  return kept;
}

std::vector<Found> runs_below(const fs::path& folder) {
  std::set<fs::path> found;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator();
       ++entry)
    if (entry->is_directory() && is_run(entry->path())) {
      entry.disable_recursion_pending();  // what lies below a run is part of it
      found.insert(entry->path());
    }
  return asked_for_of(found);
}

}  // namespace

std::vector<GivenRun> given_runs(const std::vector<std::string>& arguments) {
  std::vector<GivenRun> given;
  for (const auto& argument : arguments) {
    if (!fs::is_directory(argument))
      fail("wanted a run's folder, or a folder with runs below it; found no folder at {}", argument);
    const auto found = is_run(argument) ? std::vector<Found>{found_at(argument)} : runs_below(argument);
    if (found.empty())
      fail("wanted a run's folder, or a folder with runs below it; found no run in {}", argument);
    for (const auto& one : found) given.push_back(read_given(one));
  }
  return given;
}

}  // namespace reprise
