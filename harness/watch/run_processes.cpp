// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/run_processes.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/left/collectives.h"
#include "harness/plan/plan_text.h"
#include "harness/trace/run_traces.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr const char *began_file = "began", *ended_file = "ended.txt", *steps_file = "steps";

struct Found {
  fs::path folder;
  ProcessEntry entry;
  std::string plan_text;
  fs::file_time_type began, last_written;
  bool in_backward = false;                // of the step after those it made
  std::optional<fs::file_time_type> fell;  // when its parent saw that it had not ended well
};

fs::path trace_file(const fs::path& folder) {
  const fs::path whole = folder / "trace.h5";
  return fs::exists(whole) ? whole : folder / "trace.h5.partial";
}

// "1.10/2" comes after "1.9/3".
std::vector<std::int64_t> numbers_in(std::string place) {
  std::vector<std::int64_t> numbers;
  std::ranges::replace(place, '/', '.');
  for (const auto& part : split(place, '.')) numbers.push_back(to_integer(part).value_or(0));
  return numbers;
}

Found looked_at(const fs::path& folder) {
  const fs::path file = trace_file(folder);
  const Trace trace(file);
  Found found{folder, entry_of(trace, ""), trace.plan_text(), {}, fs::last_write_time(file), false, {}};
  found.began =
      fs::exists(folder / began_file) ? fs::last_write_time(folder / began_file) : fs::file_time_type::min();
  if (const fs::path steps = folder / steps_file; fs::exists(steps)) {
    const std::string count = read_file(steps, "count of steps");
    found.entry.made = std::max(found.entry.steps, to_integer(count.substr(0, 20)).value_or(0));
    found.in_backward = count.ends_with('+');
  }
  if (const fs::path ended = folder / ended_file; fs::exists(ended)) {
    found.entry.ended = std::string(trim(read_file(ended, "end of a process")));
    found.fell = fs::last_write_time(ended);
  }
  return found;
}

bool numbered(const fs::path& folder) {
  constexpr std::string_view start = "process-";
  const std::string name = folder.filename().string();
  return name.starts_with(start) && to_integer(name.substr(start.size())).has_value();
}

ToldBy sort(std::vector<Found>& all) {
  if (all.size() < 2) return ToldBy::alone;
  std::set<std::string> ranks, places;
  for (const auto& one : all) {
    ranks.insert(one.entry.rank);
    places.insert(one.entry.place);
  }
  if (ranks.size() == all.size() && !ranks.contains("")) {
    std::ranges::sort(all, {}, [](const Found& one) { return to_integer(one.entry.rank).value_or(0); });
    return ToldBy::rank;
  }
  std::ranges::sort(all, {}, [](const Found& one) {
    return std::tuple(numbers_in(one.entry.place), one.began, one.entry.arguments, one.entry.chain);
  });
  if (places.size() == all.size()) return ToldBy::place;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const bool tie = all[i].entry.place == all[i - 1].entry.place;
    if (tie && all[i].began <= all[i - 1].last_written) return ToldBy::content;
  }
  return ToldBy::time;
}

void move_into(const fs::path& from, const fs::path& run) {
  for (const auto& file : list_folder(from)) fs::rename(file, run / file.filename());
  fs::remove(from);
}

std::string place_below(ToldBy told, std::size_t index, const ProcessEntry& entry) {
  if (index == 0) return std::string(1, '.');
  if (told == ToldBy::rank) return fmt::format("rank-{}", entry.rank);
  return fmt::format("process-{}", index + 1);
}

// All are moved aside first: a final name may be the number of another process.
void put_in_place(const fs::path& run, ToldBy told, std::vector<Found>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const fs::path aside = run / fmt::format("settling-{}", i);
    for (const char* mark : {began_file, ended_file, steps_file}) fs::remove(all[i].folder / mark);
    fs::rename(all[i].folder, aside);
    all[i].folder = aside;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = place_below(told, i, all[i].entry);
    if (i == 0)
      move_into(all[i].folder, run);
    else
      fs::rename(all[i].folder, run / name);
    all[i].entry.folder = name;
  }
}

std::string name_of(const Found& one, std::size_t index, std::size_t count) {
  if (!one.entry.rank.empty()) return fmt::format("rank {}", one.entry.rank);
  return count == 1 ? "the process that trained" : fmt::format("process {}", index + 1);
}

// Of ranks that wait for each other the first to fail need not be the one at fault.
std::string first_to_fall(const std::vector<Found>& all, ToldBy told) {
  const Found* first = nullptr;
  for (const auto& one : all)
    if (one.fell && (first == nullptr || *one.fell < *first->fell)) first = &one;
  if (first == nullptr) return "";
  const bool killed = told != ToldBy::rank || first->entry.ended.starts_with("signal");
  return fmt::format(
      "{} {} {} after step {}", name_of(*first, static_cast<std::size_t>(first - all.data()), all.size()),
      killed ? "was ended by" : "was the first to end, with", first->entry.ended, first->entry.made);
}

// Where each of several ranks stood when time was up. One that others wait for made fewer steps, or is not
// yet in the backward pass in which they wait.
std::string where_all_stood(const std::vector<Found>& all, ToldBy told) {
  if (told != ToldBy::rank) return "";
  std::vector<std::string> each;
  for (const auto& one : all)
    each.push_back(fmt::format("rank {} after step {}{}", one.entry.rank, one.entry.made,
                               one.in_backward ? ", in the backward pass of the next" : ""));
  const auto place = [](const Found& one) { return std::pair(one.entry.made, one.in_backward); };
  const auto [last, first] = std::ranges::minmax_element(all, {}, place);
  std::string text = "it stood at " + join(each, "; ");
  if (place(*last) == place(*first)) return text;
  const auto behind = std::ranges::count(all, place(*last), place);
  if (behind == 1) text += fmt::format("; rank {} is behind the others", last->entry.rank);
  return text;
}

// Which rank left out what the others did together, whichever fell or waited for it.
std::string uneven_calls_of(const std::vector<Found>& all, ToldBy told) {
  if (told != ToldBy::rank) return "";
  std::vector<RankCalls> ranks;
  for (const auto& one : all)
    if (auto calls = rank_calls_in(one.folder, one.entry.rank, one.entry.made)) ranks.push_back(*calls);
  return ranks.size() == all.size() ? uneven_calls(ranks) : "";
}

std::string with(std::string sentence, const std::string& more) {
  if (!sentence.empty() && !more.empty()) sentence += "; " + more;
  return sentence;
}

std::vector<Found> found_in(const fs::path& run, std::vector<std::string>& notes) {
  std::vector<Found> all;
  for (const auto& folder : list_folder(run)) {
    if (!fs::is_directory(folder) || !numbered(folder)) continue;
    if (!fs::exists(trace_file(folder))) {
      fs::remove_all(folder);
      continue;
    }
    try {
      all.push_back(looked_at(folder));
    } catch (const Error& error) {
      const fs::path lost = run / fmt::format("lost-{}", notes.size() + 1);
      fs::rename(folder, lost);
      notes.push_back(
          fmt::format("not observed: a process that trained left no step that can be read, in {} ({})",
                      lost.filename().string(), error.what()));
    }
  }
  return all;
}

// A native run's worker writes where it belongs.
void add_own_trace(const fs::path& run, std::vector<Found>& all) {
  if (!all.empty() || !fs::exists(trace_file(run))) return;
  try {
    all.push_back(looked_at(run));
    all.back().entry.folder.assign(1, '.');
  } catch (const Error&) {
    // A run that was ended before its first step was committed has nothing to name.
  }
}

}  // namespace

SettledProcesses settle_processes(const fs::path& run, bool cut_short) {
  SettledProcesses settled;
  std::vector<Found> all = found_in(run, settled.notes);
  const bool own = all.empty();
  add_own_trace(run, all);
  RunManifest& manifest = settled.manifest;
  manifest.cut_short = cut_short;
  if (all.empty()) return settled;
  manifest.told_by = sort(all);
  const std::string uneven = uneven_calls_of(all, manifest.told_by);  // as long as all lie where they began
  if (!own) put_in_place(run, manifest.told_by, all);
  manifest.execution = new_execution();
  manifest.plan_id = names_of_plan_text(all.front().plan_text).plan_id;
  for (const auto& one : all) manifest.processes.push_back(one.entry);
  settled.first_end = with(first_to_fall(all, manifest.told_by), uneven);
  if (cut_short) settled.where_all_stood = with(where_all_stood(all, manifest.told_by), uneven);
  write_atomically(run / manifest_name, to_toml(manifest));
  return settled;
}

}  // namespace reprise
