// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/given_runs.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/compare/gathering.h"
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

GivenRun read_given(const fs::path& folder) {
  GivenRun given{folder, "", std::nullopt, ""};
  try {
    if (fs::exists(folder / "plan.toml"))
      given.recipe = plan_from_toml(read_file(folder / "plan.toml", "plan"), "plan.toml").recipe;
    given.trouble = trouble_of(folder);
    if (!given.trouble.empty()) return given;
    given.gave = baseline_of(read_run(folder), folder);
    given.recipe = given.gave->recipe;
  } catch (const Error& error) {
    given.trouble = error.what();
  }
  return given;
}

// The plan of a run, where it has one that can be read.
std::optional<Plan> plan_of(const fs::path& folder) {
  if (!fs::exists(folder / "plan.toml")) return std::nullopt;
  try {
    return plan_from_toml(read_file(folder / "plan.toml", "plan"), "plan.toml");
  } catch (const Error&) {
    return std::nullopt;
  }
}

// A run without a plan stays: it is told as what it is.
std::vector<fs::path> asked_for_of(const std::set<fs::path>& folders) {
  std::vector<fs::path> kept, planned;
  std::vector<Plan> plans;
  for (const auto& folder : folders) {
    const auto plan = plan_of(folder);
    (plan ? planned : kept).push_back(folder);
    if (plan) plans.push_back(*plan);
  }
  const auto asked = asked_for(plans);
  for (std::size_t i = 0; i < planned.size(); ++i)
    if (asked[i]) kept.push_back(planned[i]);
  std::ranges::sort(kept);
  return kept;
}

std::vector<fs::path> runs_below(const fs::path& folder) {
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
    const auto folders = is_run(argument) ? std::vector<fs::path>{argument} : runs_below(argument);
    if (folders.empty())
      fail("wanted a run's folder, or a folder with runs below it; found no run in {}", argument);
    for (const auto& folder : folders) given.push_back(read_given(folder));
  }
  return given;
}

}  // namespace reprise
