// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/nights_page.h"

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/nights/drifting.h"
#include "reports/nights/found_words.h"
#include "reports/nights/night_cells.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;
using Machines = std::vector<MachineNights>;

constexpr std::size_t moves_shown = 100, names_shown = 6, open_machines = 4;

std::string names_phrase(const std::vector<std::string>& names) {
  if (names.size() <= names_shown) return join(names, "; ");
  const std::vector<std::string> first(names.begin(), names.begin() + names_shown);
  return fmt::format("{}; and {} more", join(first, "; "), names.size() - names_shown);
}

std::string changed_phrase(const MoveEvent& event) {
  return event.changed.empty() ? "nothing that was noted of the software or the machine"
                               : names_phrase(event.changed);
}

std::string when(const MoveEvent& event) {
  return fmt::format("night {}, {}", event.night, event.date.substr(0, 10));
}

Section machines_section(const History& history, const Machines& machines) {
  Section section{.heading = "Machines, last night", .key = "machines", .order = {.page = 10}};
  blocks::Table table{.label = "Machines"};
  table.columns = {{"machine"},  {"hardware"},    {"night"},    {"match"},
                   {"mismatch"}, {"no baseline"}, {"untested"}, {"bits last moved"}};
  Json list = Json::array();
  for (const auto& machine : machines) {
    const auto last = last_nights(history, machine.name);
    const auto number = [](std::size_t count) {
      return blocks::Words{std::to_string(count), blocks::Form::number};
    };
    blocks::Words night{fmt::format("{}, {}", machine.numbers.back(), machine.dates.back().substr(0, 10))};
    night.link = fmt::format("nights/{}/{:04}/night.html", machine.name, machine.numbers.back());
    table.rows.push_back({{{machine.name},
                           {machine.hardware},
                           night,
                           number(last.match),
                           number(last.mismatch),
                           number(last.no_baseline),
                           number(last.untested),
                           {machine.moves.empty() ? "never" : when(machine.moves.front())}},
                          {},
                          last.mismatch > 0});
    list.push_back({{"machine", machine.name},
                    {"hardware", machine.hardware},
                    {"night", machine.numbers.back()},
                    {"begun", machine.dates.back()},
                    {"match", last.match},
                    {"mismatch", last.mismatch},
                    {"no_baseline", last.no_baseline},
                    {"untested", last.untested},
                    {"bits_last_moved", machine.moves.empty() ? Json() : Json(machine.moves.front().night)}});
  }
  section.blocks = {{table}};
  section.members = {{"machines", list}};
  return section;
}

Section heat_section(const History& history, const Machines& machines) {
  Section section{.heading = "Night by night", .key = "nights", .order = {.page = 20}};
  section.blocks.push_back({blocks::Prose{
      {"✓ all runs match their baselines, ✗ mismatch, ○ no baseline, ? untested, Δ bits moved that night, "
       "whatever "
       "the baseline says. The newest night stands first; a cell leads to its report.",
       fmt::format("Nights older than the last {} stand {} to a column, which has the sign of the worst, and "
                   "neighbors that are alike stand as one. Every night in which bits moved still shows: a "
                   "number behind Δ counts several.",
                   nights_alone, nights_together)},
      true}});
  for (const auto& machine : machines) {
    blocks::Part part;
    const bool troubled = last_nights(history, machine.name).mismatch > 0;
    part.title = {{machine.name + ", " + counted(machine.numbers.size(), "night")}};
    part.open = machines.size() <= open_machines || troubled;
    part.blocks = {{night_cells(machine, history.texts)}};
    section.blocks.push_back({part, Readers::pages});
  }
  return section;
}

// When the bits of each matrix last moved.
blocks::Table last_moves(const Machines& machines) {
  blocks::Table table{.label = "When the bits of each matrix last moved"};
  table.columns = {{"machine"}, {"matrix"}, {"last moved"}, {"runs"}};
  std::size_t still = 0;
  for (const auto& machine : machines)
    for (const auto& row : machine.matrices) {
      std::size_t at = row.nights.size();
      while (at > 0 && row.nights[at - 1].moved.empty()) --at;
      if (at == 0) {
        ++still;
        continue;
      }
      const auto& night = row.nights[at - 1];
      table.rows.push_back(
          {{{machine.name},
            {row.name},
            {fmt::format("night {}, {}", machine.numbers[at - 1], machine.dates[at - 1].substr(0, 10))},
            {names_phrase(night.moved)}}});
    }
  table.caption = table.label;
  if (still > 0)
    table.caption +=
        fmt::format("; those of {} never did", still == 1 ? "1 matrix" : fmt::format("{} matrices", still));
  return table;
}

std::vector<std::pair<const MachineNights*, const MoveEvent*>> newest_moves(const Machines& machines) {
  std::vector<std::pair<const MachineNights*, const MoveEvent*>> all;
  for (const auto& machine : machines)
    for (const auto& event : machine.moves) all.emplace_back(&machine, &event);
  // Machines have numbers of their own, so only their clocks can order them; within one the numbers do.
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) {
    return a.first == b.first ? a.second->night > b.second->night : a.second->date > b.second->date;
  });
  return all;
}

Section moves_section(const Machines& machines) {
  Section section{.heading = "When bits moved", .key = "moves", .order = {.page = 30}};
  blocks::Table table{.label = "Nights in which bits moved"};
  table.columns = {{"machine"}, {"night"}, {"runs"}, {"what changed since the night before"}};
  Json list = Json::array();
  const auto all = newest_moves(machines);
  for (std::size_t i = 0; i < std::min(all.size(), moves_shown); ++i) {
    const auto& [machine, event] = all[i];
    blocks::Words night{when(*event)};
    night.link = fmt::format("nights/{}/{:04}/night.html", machine->name, event->night);
    table.rows.push_back({{{machine->name}, night, {names_phrase(event->runs)}, {changed_phrase(*event)}}});
    list.push_back({{"machine", machine->name},
                    {"night", event->night},
                    {"begun", event->date},
                    {"runs", event->runs},
                    {"changed", event->changed}});
  }
  if (all.empty())
    section.blocks.push_back(
        {blocks::Prose{{"In no night were the bits of a run others than it gave before."}}});
  else
    section.blocks.push_back({table});
  if (all.size() > moves_shown)
    section.blocks.push_back({blocks::Prose{
        {fmt::format("These are the newest {} of {}; the heat maps show all.", moves_shown, all.size())},
        true}});
  if (!all.empty()) section.blocks.push_back({last_moves(machines)});
  section.members = {{"moves", list}, {"moves_left_out", all.size() - list.size()}};
  return section;
}

std::vector<std::string> remarks_of(const History& history, const Machines& machines) {
  std::vector<std::string> remarks = history.damage;
  for (const auto& machine : machines) {
    if (machine.set_back.empty()) continue;
    remarks.push_back(
        fmt::format("{}: night {} has an earlier date than the night before it: the clock was set back{}. "
                    "Nights stand in the order of their numbers.",
                    machine.name, machine.set_back.back(),
                    machine.set_back.size() == 1
                        ? ""
                        : fmt::format(", as on {} earlier nights", machine.set_back.size() - 1)));
  }
  return remarks;
}

std::string headline_of(const LastNights& last, const Machines& machines) {
  if (machines.empty()) return "No night was written down here yet.";
  std::string text = fmt::format("Last night on {}: {} of {} match", counted(machines.size(), "machine"),
                                 last.match, counted(last.runs, "run"));
  if (last.mismatch > 0) text += fmt::format(", {} left the baseline", last.mismatch);
  if (last.no_baseline > 0) text += fmt::format(", {} without a baseline", last.no_baseline);
  if (last.untested > 0) text += fmt::format(", {} untested", last.untested);
  return text + ".";
}

}  // namespace

LastNights last_nights(const History& history, const std::string& machine) {
  std::map<std::string, std::int64_t> latest;
  for (const auto& series : history.series)
    latest[series.machine] = std::max(latest[series.machine], series.entries.back().night);
  LastNights last;
  for (const auto& series : history.series) {
    if (!machine.empty() && series.machine != machine) continue;
    const auto& entry = series.entries.back();
    if (entry.night != latest[series.machine]) continue;
    ++last.runs;
    last.match += entry.found == Held::match ? 1 : 0;
    last.mismatch += entry.found == Held::mismatch ? 1 : 0;
    last.no_baseline += entry.found == Held::no_baseline ? 1 : 0;
    last.untested += entry.found == Held::untested ? 1 : 0;
  }
  return last;
}

Badge nights_badge(const History& history) {
  const auto last = last_nights(history, "");
  if (last.runs == 0) return {"bits", "no night yet", Mood::neutral};
  const Mood mood = last.mismatch > 0 ? Mood::bad : last.match == last.runs ? Mood::good : Mood::neutral;
  return {"bits", fmt::format("{}/{} match", last.match, last.runs), mood};
}

Report nights_page(const History& history) {
  const Machines machines = machine_nights(history);
  const auto last = last_nights(history, "");
  Report report;
  report.schema = "reprise.nights/1";
  report.kind = "Nights";
  report.closing =
      "Drawn from the history-*.jsonl beside this page by reprise nightly --page-only; nothing was run for "
      "it.";
  report.recipe = "nights";
  report.title = fmt::format("Nights of {}", counted(machines.size(), "machine"));
  report.subtitle =
      fmt::format("{} of {}", counted(history.rows, "run"), counted(machines.size(), "machine"));
  report.headline = headline_of(last, machines);
  if (const auto moves = newest_moves(machines); !moves.empty())
    report.verdict.push_back(fmt::format("Bits last moved on {}, {}: {}. What changed: {}.",
                                         moves.front().first->name, when(*moves.front().second),
                                         names_phrase(moves.front().second->runs),
                                         changed_phrase(*moves.front().second)));
  else if (!machines.empty())
    report.verdict.emplace_back("In no night were the bits of a run others than it gave before.");
  for (auto& remark : remarks_of(history, machines)) report.verdict.push_back(std::move(remark));
  const Badge badge = nights_badge(history);
  report.mood = badge.mood;
  report.exit_code = badge.mood == Mood::good ? 0 : badge.mood == Mood::bad ? 1 : 2;
  if (machines.empty()) return report;
  report.sections = {machines_section(history, machines), heat_section(history, machines),
                     moves_section(machines), drift_section(history)};
  return report;
}

}  // namespace reprise
