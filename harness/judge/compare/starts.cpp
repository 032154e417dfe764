// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/starts.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// Size and time alone: the inode says nothing between two views of a folder.
std::string size_and_time(const std::string& identity) {
  const auto first = identity.find(' ');
  return first == std::string::npos ? identity : identity.substr(0, identity.find(' ', first + 1));
}

// The same file of another run: paths below the working folder go by their place in it.
std::string counterpart(const std::string& path, const FilesSeen& from, const FilesSeen& to) {
  const std::string name = path_for_people(path, from.start->folder);
  return name == path ? path : to.start->folder + "/" + name;
}

// What a run that did not open the file had there when it began; nothing if that was not noted.
std::optional<PathState> noted(const std::string& path, const FilesSeen& run) {
  const std::string name = path_for_people(path, run.start->folder);
  if (name == path || !run.start->whole) return std::nullopt;
  PathState state;
  const Snapshot& files = run.start->files;
  for (auto at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1))
    if (const auto folder = files.find(name.substr(0, at + 1)); folder == files.end())
      break;  // it was not there
    else if (folder->second != "folder")
      return std::nullopt;
  const auto found = files.find(name);
  state.absent = found == files.end();
  if (!state.absent) state.identity = found->second;
  return state;
}

std::optional<PathState> state_in(const std::string& path, const FilesSeen& run) {
  const auto found = run.paths.find(path);
  return found != run.paths.end() && !found->second.first.empty() ? std::optional(found->second.at_first)
                                                                  : noted(path, run);
}

bool differ(const PathState& a, const PathState& b) {
  if (a.absent != b.absent) return true;
  if (a.absent) return false;
  if (!a.sha256.empty() && !b.sha256.empty()) return a.sha256 != b.sha256;
  return size_and_time(a.identity) != size_and_time(b.identity);
}

// Made by another process of the same run, in a way that nobody saw.
bool came_within(const std::string& path, const FilesSeen& run) {
  const auto before = noted(path, run);
  return before && before->absent;
}

// The first name in a folder that `there` found and `here` did not.
std::optional<std::string> more_names(const PathState& there, const PathState& here) {
  if (!there.names || !here.names) return std::nullopt;
  for (const auto& name : *there.names)
    if (std::ranges::find(*here.names, name) == here.names->end()) return name;
  return std::nullopt;
}

// A name in a folder that `reader` listed, of a file that `other` wrote and did not find when it listed it.
std::optional<std::string> listed_more(const std::string& path, const SeenPath& one, const FilesSeen& reader,
                                       const FilesSeen& other) {
  const std::string twin = counterpart(path, reader, other);
  const auto found = other.paths.find(twin);
  if (found == other.paths.end() || found->second.first != "list") return std::nullopt;
  const auto name = more_names(one.at_first, found->second.at_first);
  if (!name || !other.wrote((fs::path(twin) / *name).string())) return std::nullopt;
  return (fs::path(path) / *name).string();
}

// Of the files that `reader` read: one that `other` found differently.
std::optional<StartDifference> read_otherwise(const FilesSeen& reader, const FilesSeen& other) {
  for (const auto& [path, one] : reader.paths) {
    if (!one.read_first() || one.first == "package") continue;
    if (one.first == "list") {
      if (const auto file = listed_more(path, one, reader, other))
        return StartDifference{path_for_people(*file, reader.start->folder), false, true, false, true};
      continue;
    }
    const std::string twin = counterpart(path, reader, other);
    const auto state = state_in(twin, other);
    if (!state || !differ(one.at_first, *state)) continue;
    if (!one.at_first.absent && came_within(path, reader)) continue;
    if (one.at_first.absent && came_within(twin, other)) continue;
    return StartDifference{path_for_people(path, reader.start->folder), one.at_first.absent, state->absent,
                           reader.wrote(path), other.wrote(twin)};
  }
  return std::nullopt;
}

// A trace may be named instead of its folder.
fs::path folder_of(const fs::path& run) { return fs::is_directory(run) ? run : run.parent_path(); }

std::set<std::string> handed_on(const fs::path& run) {
  const fs::path file = run / "plan.toml";
  if (!fs::exists(file)) return {};
  const Plan plan = plan_from_toml(read_file(file, "plan"), file.string());
  if (!plan.command) return {};
  return {plan.command->keep_env.begin(), plan.command->keep_env.end()};
}

// A plan has the names of such variables and not their values, so two of its runs may not be repeats.
std::optional<StartDifference> handed_on_otherwise(const fs::path& run_a, const RunStart& a,
                                                   const fs::path& run_b, const RunStart& b) {
  const auto names_a = handed_on(run_a), names_b = handed_on(run_b);
  for (const auto& name : names_a) {
    if (!names_b.contains(name)) continue;
    const auto in_a = a.given.find("variable " + name), in_b = b.given.find("variable " + name);
    const bool absent_a = in_a == a.given.end(), absent_b = in_b == b.given.end();
    if (absent_a && absent_b) continue;
    if (absent_a != absent_b || in_a->second != in_b->second)
      return StartDifference{name, absent_a, absent_b, false, false, true};
  }
  return std::nullopt;
}

std::string which_wrote(bool wrote) { return wrote ? ", which wrote it" : ""; }

}  // namespace

const FilesSeen& Starts::seen_of(const fs::path& run) {
  const auto found = known_.find(run.native());
  return found != known_.end() ? found->second : known_[run.native()] = files_seen(folder_of(run));
}

std::optional<StartDifference> Starts::difference(const fs::path& run_a, const fs::path& run_b) {
  const FilesSeen &a = seen_of(run_a), &b = seen_of(run_b);
  if (a.start && b.start)
    if (const auto found = handed_on_otherwise(folder_of(run_a), *a.start, folder_of(run_b), *b.start))
      return found;
  if (!a.start || !b.start || a.start->folder.empty() || b.start->folder.empty()) return std::nullopt;
  if (const auto found = read_otherwise(a, b)) return found;
  auto found = read_otherwise(b, a);
  if (!found) return std::nullopt;
  std::swap(found->absent_a, found->absent_b);
  std::swap(found->wrote_a, found->wrote_b);
  return found;
}

std::string to_words(const StartDifference& difference, const std::string& name_a,
                     const std::string& name_b) {
  if (difference.variable && difference.absent_a != difference.absent_b)
    return fmt::format("the variable {} was not set for {}; {} had it", difference.file,
                       difference.absent_a ? name_a : name_b, difference.absent_a ? name_b : name_a);
  if (difference.variable)
    return fmt::format("the variable {} had another value for {} than for {}", difference.file, name_a,
                       name_b);
  const auto absent = [&](const std::string& first, bool wrote, const std::string& second) {
    return fmt::format("{} was not there for {}{}; {} read it", difference.file, first, which_wrote(wrote),
                       second);
  };
  if (difference.absent_a) return absent(name_a, difference.wrote_a, name_b);
  if (difference.absent_b) return absent(name_b, difference.wrote_b, name_a);
  return fmt::format("{} held something else when {} began{} than when {} did", difference.file, name_a,
                     difference.wrote_a ? " (which wrote it later)" : "", name_b);
}

std::string way_out(const StartDifference& difference) {
  if (difference.variable)
    return fmt::format("Set {} alike for both, or make an axis of it: --axis env:{}=A,B", difference.file,
                       difference.file);
  return "With --fresh each run begins with its own view of the working folder";
}

std::string unlike_starts(const std::vector<const Configuration*>& configurations,
                          const std::vector<std::size_t>& classes, Starts& starts) {
  std::optional<StartDifference> first;
  std::size_t at = 0;
  std::vector<std::string> others;
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    if (first && i != at) continue;
    for (std::size_t j = 0; j < configurations.size(); ++j) {
      if (classes[i] == classes[j]) continue;
      const auto found = starts.difference(configurations[i]->folder, configurations[j]->folder);
      if (!found || (first && (found->file != first->file || found->absent_a != first->absent_a))) continue;
      if (!first) at = i;
      if (!first) first = found;
      others.push_back(configurations[j]->name);
    }
    if (first) break;
  }
  if (!first) return "";
  const bool all = others.size() + 1 == configurations.size() && others.size() > 1;
  const std::string text = to_words(*first, configurations[at]->name, all ? "the others" : listed(others));
  return "The runs did not start alike: " + text + ".";
}

namespace {

using NamedRuns = std::vector<std::pair<std::string, fs::path>>;

// The first of these runs that started otherwise than the first one; `left`: only by what one of the two
// wrote.
std::string unlike_first(const NamedRuns& runs, bool left, Starts& starts) {
  for (std::size_t i = 1; i < runs.size(); ++i)
    if (const auto found = starts.difference(runs[0].second, runs[i].second);
        found && (found->was_left() || !left))
      return fmt::format("The runs did not start alike: {}. {}.",
                         to_words(*found, runs[0].first, runs[i].first), way_out(*found));
  return "";
}

}  // namespace

std::string left_by_another(const NamedRuns& runs, Starts& starts) {
  return unlike_first(runs, true, starts);
}

std::string unlike_repeats(const std::vector<fs::path>& runs, bool equal) {
  Starts starts;
  NamedRuns named;
  for (std::size_t i = 0; i < runs.size(); ++i) named.emplace_back(fmt::format("run {}", i + 1), runs[i]);
  const std::string unlike = unlike_first(named, equal, starts);
  return (equal && !unlike.empty() ? "The runs are equal, and that shows nothing. " : "") + unlike;
}

}  // namespace reprise
