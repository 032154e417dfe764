// SPDX-License-Identifier: Apache-2.0
#include "harness/commands/given_traces.h"

#include <algorithm>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/gathering.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr const char* trace_name = "trace.h5";

bool holds_runs(const fs::path& path) {
  return fs::is_directory(path) && !fs::exists(path / trace_name) &&
         !fs::exists(path / (std::string(trace_name) + ".partial"));
}

// Where finished traces lie below a folder, sorted. A loop of links is not followed.
std::vector<fs::path> traces_below(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().filename() == trace_name && entry.is_regular_file()) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

std::size_t unusual_pins(const Plan& plan) {
  const Pins usual = default_pins();
  return static_cast<std::size_t>(std::ranges::count_if(plan.pins, [&](const auto& pin) {
    const auto known = usual.find(pin.first);
    return known != usual.end() && known->second != pin.second;
  }));
}

std::vector<GivenTrace> runs_below(const fs::path& folder) {
  std::vector<GivenTrace> runs;
  for (const auto& file : traces_below(folder)) {
    const Trace trace(file);
    if (is_whole_run(trace.plan()))
      runs.push_back({file.parent_path().string(), false, true, file.parent_path(), trace});
  }
  if (runs.empty())
    fail("wanted a trace, a run's folder or a folder with finished runs below it, found none of these: {}",
         folder.string());
  std::ranges::stable_sort(runs, {}, [](const GivenTrace& run) { return unusual_pins(run.trace.plan()); });
  return runs;
}

}  // namespace

std::vector<GivenTrace> given_traces(const std::vector<std::string>& arguments) {
  std::vector<GivenTrace> given;
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    const bool named = equals != std::string::npos && equals > 0 && !fs::exists(argument);
    const fs::path path = named ? argument.substr(equals + 1) : argument;
    if (!named && holds_runs(path))
      for (auto& run : runs_below(path)) given.push_back(std::move(run));
    else
      given.push_back({named ? argument.substr(0, equals) : argument, named, false, path, Trace(path)});
  }
  return given;
}

}  // namespace reprise
