// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/machine_nights.h"

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/nights/found_words.h"

namespace reprise {
namespace {

using Dates = std::map<std::int64_t, std::uint32_t>;  // of nights, as texts

// What stands between the run whose bits a run left and itself: other software, hardware or plan.
std::vector<std::string> changed_between(const NightSeries& series, const BitsMoved& move,
                                         const Texts& texts) {
  std::vector<std::string> lines;
  const auto &before = series.entries[move.before], &at = series.entries[move.at];
  if (before.plan != at.plan) lines.emplace_back("the plan: another recipe, script or setting");
  if (before.environment != at.environment)
    lines.push_back(
        fmt::format("the hardware: {}, before {}", texts.at(at.hardware), texts.at(before.hardware)));
  for (std::size_t i = move.before + 1; i <= move.at; ++i) {
    const std::string& text = texts.at(series.entries[i].changed);
    if (text.empty()) continue;
    for (const auto& line : split(text, '\n'))
      if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
  }
  return lines;
}

class MachineSorting {
 public:
  MachineSorting(const History& history, std::size_t from, std::size_t to)
      : history_(history),
        series_(history.series.begin() + static_cast<std::ptrdiff_t>(from),
                history.series.begin() + static_cast<std::ptrdiff_t>(to)) {}

  MachineNights sorted() {
    machine_.name = series_.front().machine;
    number_nights();
    for (const auto& series : series_) add(series);
    for (auto event = events_.rbegin(); event != events_.rend(); ++event)
      machine_.moves.push_back(std::move(event->second));
    return std::move(machine_);
  }

 private:
  void number_nights() {
    Dates dates;
    std::int64_t last = 0;
    for (const auto& series : series_) {
      for (const auto& entry : series.entries) {
        dates[entry.night] = entry.date;
        if (entry.night < last || entry.hardware == 0) continue;
        last = entry.night;
        machine_.hardware = history_.texts.at(entry.hardware);
      }
    }
    for (const auto& [number, date] : dates) {
      const std::string& text = history_.texts.at(date);
      if (!machine_.dates.empty() && text < machine_.dates.back()) machine_.set_back.push_back(number);
      machine_.numbers.push_back(number);
      machine_.dates.push_back(text);
    }
  }

  std::size_t place_of(std::int64_t night) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(machine_.numbers, night) -
                                    machine_.numbers.begin());
  }

  void add(const NightSeries& series) {
    auto& rows = machine_.matrices;
    if (rows.empty() || rows.back().name != series.matrix)
      rows.push_back({series.matrix, std::vector<MatrixNight>(machine_.numbers.size()), 0});
    auto& row = rows.back();
    ++row.series;
    for (const auto& entry : series.entries) {
      auto& night = row.nights[place_of(entry.night)];
      night.worst = night.runs == 0 ? entry.found : worse(night.worst, entry.found);
      ++night.runs;
      night.match += entry.found == Held::match ? 1 : 0;
      if (night.report == 0) night.report = entry.report;
    }
    for (const auto& move : moves_of(series)) add(series, move, row);
  }

  void add(const NightSeries& series, const BitsMoved& move, MatrixNights& row) {
    const auto& at = series.entries[move.at];
    row.nights[place_of(at.night)].moved.push_back(series.run);
    auto& event = events_[at.night];
    event.night = at.night;
    event.date = history_.texts.at(at.date);
    event.runs.push_back(series.matrix + ", " + series.run);
    for (auto& line : changed_between(series, move, history_.texts))
      if (std::ranges::find(event.changed, line) == event.changed.end())
        event.changed.push_back(std::move(line));
  }

  const History& history_;
  std::span<const NightSeries> series_;
  MachineNights machine_;
  std::map<std::int64_t, MoveEvent> events_;
};

}  // namespace

std::vector<MachineNights> machine_nights(const History& history) {
  std::vector<MachineNights> machines;
  for (std::size_t from = 0, to = 0; from < history.series.size(); from = to) {
    while (to < history.series.size() && history.series[to].machine == history.series[from].machine) ++to;
    machines.push_back(MachineSorting(history, from, to).sorted());
  }
  return machines;
}

}  // namespace reprise
