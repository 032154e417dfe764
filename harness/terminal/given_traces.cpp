// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/given_traces.h"

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/gathered/gathering.h"
#include "harness/launch/run_folder.h"
#include "harness/trace/proof_together.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr const char* trace_name = "trace.h5";

bool holds_runs(const fs::path& path) {
  return fs::is_directory(path) && process_folders(path).empty() && !fs::exists(path / manifest_name);
}

// Whether a folder is one of several processes of a run, and no run of its own.
bool is_part_of_a_run(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const fs::path run = folder.parent_path();
  return (name.starts_with("rank-") || name.starts_with("process-")) &&
         (fs::exists(run / manifest_name) || fs::exists(run / trace_name));
}

// The folders of finished runs below a folder, sorted. A loop of links is not followed.
std::vector<fs::path> runs_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator it(folder), end; it != end; ++it) {
    const auto& entry = *it;
    if (entry.is_directory() && is_set_aside(entry.path())) it.disable_recursion_pending();
    const fs::path run = entry.path().parent_path();
    if (entry.path().filename() == trace_name && entry.is_regular_file() && !is_part_of_a_run(run))
      found.push_back(run);
  }
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

struct Argument {
  std::string name;
  bool named = false;
  fs::path path;
  std::vector<fs::path> below = {};  // the runs of a folder without a trace of its own
  bool folder = false;
};

Argument argument_of(const std::string& text) {
  const auto equals = text.find('=');
  const bool named = equals != std::string::npos && equals > 0 && !fs::exists(text);
  Argument argument{named ? text.substr(0, equals) : text, named, named ? text.substr(equals + 1) : text};
  argument.folder = !named && holds_runs(argument.path);
  if (argument.folder) argument.below = runs_in(argument.path);
  return argument;
}

std::vector<GivenTrace> runs_below(const Argument& folder) {
  std::vector<GivenTrace> all, runs;
  std::vector<Plan> plans;
  for (const auto& path : folder.below) {
    all.push_back({path.string(), false, true, path, read_run(path)});
    plans.push_back(all.back().trace().plan());
  }
  const auto asked = asked_for(plans);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (asked[i]) runs.push_back(all[i]);
  if (runs.empty())
    fail("wanted a trace, a run's folder or a folder with finished runs below it, found none of these: {}",
         folder.path.string());
  std::ranges::stable_sort(runs, {}, [](const GivenTrace& run) { return unusual_pins(run.trace().plan()); });
  return runs;
}

// The same trace, or another of the same execution.
std::vector<std::string> marks_of(const GivenTrace& given) {
  std::vector<std::string> marks = {"file " + fs::weakly_canonical(given.trace().path()).string()};
  if (!given.run.execution.empty()) marks.push_back("execution " + given.run.execution);
  return marks;
}

std::vector<GivenTrace> each_execution_once(std::vector<GivenTrace> given) {
  std::vector<GivenTrace> once;
  std::map<std::string, std::size_t> seen;
  for (auto& one : given) {
    std::size_t first = once.size();
    const auto marks = marks_of(one);
    for (const auto& mark : marks)
      if (const auto known = seen.find(mark); known != seen.end()) first = std::min(first, known->second);
    if (first == once.size()) {
      for (const auto& mark : marks) seen.emplace(mark, first);
      once.push_back(std::move(one));
    } else {
      once[first].copies.push_back(one.name);
    }
  }
  return once;
}

}  // namespace

std::vector<GivenTrace> given_traces(const std::vector<std::string>& arguments, const TellRead& progress) {
  std::vector<Argument> all;
  std::vector<fs::path> runs;
  for (const auto& argument : arguments) {
    all.push_back(argument_of(argument));
    const Argument& last = all.back();
    runs.insert(runs.end(), last.below.begin(), last.below.end());
    if (!last.folder) runs.push_back(last.path);
  }
  // A trace is proven before it is read, which takes its time where there are many.
  if (progress) progress(0, runs.size());
  prove_runs(runs, progress);
  std::vector<GivenTrace> given;
  for (const auto& argument : all)
    if (argument.folder)
      for (auto& run : runs_below(argument)) given.push_back(std::move(run));
    else
      given.push_back({argument.name, argument.named, false, argument.path, read_run(argument.path)});
  return each_execution_once(std::move(given));
}

}  // namespace reprise
