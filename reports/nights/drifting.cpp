// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/drifting.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

constexpr std::size_t drifts_shown = 40;

struct Drifting {
  blocks::Drift drift;
  double from = 0, to = 0;
  bool drifts() const { return drift.values.size() > 1 && from != to; }
  // Against its own size, so that metrics of different units can be ordered.
  double extent() const { return (to - from) / std::max({std::abs(from), std::abs(to), 1e-300}); }
};

Drifting drift_of(const NightSeries& series, const Texts& texts) {
  Drifting found;
  for (const auto& entry : series.entries) {
    if (!std::isfinite(entry.value)) continue;
    if (found.drift.name.empty())
      found.drift.name =
          fmt::format("{}, {}, {}: {}", series.machine, series.matrix, series.run, texts.at(entry.metric));
    const bool first = found.drift.values.empty();
    found.from = first ? entry.value : std::min(found.from, entry.value);
    found.to = first ? entry.value : std::max(found.to, entry.value);
    found.drift.nights.push_back(entry.night);
    found.drift.values.push_back(entry.value);
  }
  return found;
}

}  // namespace

Section drift_section(const History& history) {
  Section section{.heading = "Metrics that drift", .key = "drift", .order = {.page = 40}};
  std::vector<Drifting> drifting;
  std::size_t metrics = 0;
  for (const auto& series : history.series) {
    auto found = drift_of(series, history.texts);
    metrics += found.drift.values.empty() ? 0 : 1;
    if (found.drifts()) drifting.push_back(std::move(found));
  }
  std::ranges::stable_sort(drifting, std::greater(), &Drifting::extent);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  blocks::Drifts drifts;
  for (std::size_t i = 0; i < drifting.size(); ++i) {
    if (i < drifts_shown) drifts.drifts.push_back(drifting[i].drift);
    list.push_back({{"name", drifting[i].drift.name},
                    {"least", drifting[i].from},
                    {"greatest", drifting[i].to},
                    {"last", drifting[i].drift.values.back()}});
  }
  std::string sentence =
      fmt::format("{} of {} moved from one night to another.", drifting.size(), counted(metrics, "metric"));
  if (drifting.size() > drifts_shown)
    sentence += fmt::format(" Drawn are the {} that moved most, for their size.", drifts_shown);
  section.blocks = {{blocks::Prose{{sentence}, true}}, {drifts, Readers::pages}};
  section.members = {{"drifts", list}};
  return section;
}

}  // namespace reprise
