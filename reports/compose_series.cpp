// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/judge/compare/divergence_words.h"
#include "reports/compose_parts.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

// Evenly spaced places of a series of `count`, the first and the last among them.
std::vector<std::size_t> thinned(std::size_t count) {
  const std::size_t points = std::min(count, curve_points);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < points; ++i) places.push_back(points < 2 ? 0 : i * (count - 1) / (points - 1));
  return places;
}

const std::optional<std::int64_t>& first_of(const Divergence& divergence, Stage stage) {
  return divergence.stage_first[static_cast<std::size_t>(stage)];
}

// What tells other data from other arithmetic, in the order in which it is asked.
enum class Cause { data, order, batch, random, arithmetic, artifacts, extent };

Cause cause_of(const Divergence& divergence) {
  if (divergence.stage == "data") return Cause::data;
  if (divergence.stage == "artifacts") return Cause::artifacts;
  if (divergence.stage == "length" || divergence.stage == "process") return Cause::extent;
  if (divergence.batch_order_from) return Cause::order;
  if (first_of(divergence, Stage::batch)) return Cause::batch;
  if (first_of(divergence, Stage::rng)) return Cause::random;
  return Cause::arithmetic;
}

std::string cause_sentence(Cause cause, const std::vector<std::string>& classes) {
  const bool many = classes.size() > 1;
  const std::string who = names_phrase(classes, 4);
  switch (cause) {
    case Cause::data:
      return fmt::format("{} saw other data from the start.", who);
    case Cause::order:
      return fmt::format("{} saw the samples in another order: other batches, not other arithmetic.", who);
    case Cause::batch:
      return fmt::format("{} drew the same samples, but {} batches differ.", who, many ? "their" : "its");
    case Cause::random:
      return fmt::format("{} saw the same batches and drew other random numbers.", who);
    case Cause::arithmetic:
      return fmt::format(
          "For {} batches and random streams stay equal to the end: same data, and what differs is "
          "arithmetic.",
          who);
    case Cause::extent:
      return fmt::format("{} made another number of steps, or had other training processes.", who);
    case Cause::artifacts:
      return fmt::format("{} left other files, though every step that was seen is equal.", who);
  }
  return "";
}

std::string named_class(const Diff& diff, std::size_t index) {
  const auto& one = diff.classes[index];
  return fmt::format("{} ({})", one.letter, members_phrase(diff, one, 1));
}

// "the loss of B differs first at step 2, by 1.2e-07, and is 3.1e-04 away at step 200".
std::string distance_sentence(const Diff& diff, const Split& split) {
  const auto& apart = split.loss_distance;
  const auto& letter = diff.classes[split.b].letter;
  const auto& reference = diff.classes[split.a].letter;
  const auto first = std::find_if(apart.begin(), apart.end(), [](double d) { return !(d <= 0); });
  if (first == apart.end())
    return fmt::format("The loss of {} equals that of {} at every step.", letter, reference);
  const auto step = first - apart.begin() + 1;
  if (std::isnan(*first))
    return fmt::format("The loss of {} or {} is not a number at step {}, the first at which they differ.",
                       reference, letter, step);
  std::string text = fmt::format("The loss of {} leaves that of {} at step {}, by {}", letter, reference,
                                 step, distance_phrase(*first));
  if (static_cast<std::size_t>(step) < apart.size())
    text += std::isnan(apart.back())
                ? fmt::format("; at step {} one of them is not a number", apart.size())
                : fmt::format(", and is {} away at step {}", distance_phrase(apart.back()), apart.size());
  return text + ".";
}

}  // namespace

std::vector<Strip> strips_of(const Diff& diff) {
  std::vector<Strip> strips;
  for (std::size_t i = 1; i < diff.traces.size(); ++i) {
    const auto& trace = diff.traces[i];
    Strip strip{trace.name, diff.classes[trace.in_class].letter, {}};
    if (const Split* split = from_first(diff, trace.in_class)) {
      if (split->first.stage == "data") strip.lanes.push_back({"data", 0});
      for (std::size_t stage = 0; stage < stage_count; ++stage)
        if (static_cast<Stage>(stage) != Stage::auxiliary || split->first.stage_first[stage])  // few have it
          strip.lanes.push_back({std::string(stage_names[stage]), split->first.stage_first[stage]});
      if (const auto& stage = split->first.stage;
          stage == "artifacts" || stage == "length" || stage == "process")
        strip.lanes.push_back({stage, split->first.step});
    }
    strips.push_back(std::move(strip));
  }
  return strips;
}

std::vector<Curve> curves_of(const Diff& diff) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < diff.classes.size(); ++i) {
    const auto& losses = diff.classes[i].losses;
    const Split* split = from_first(diff, i);
    Curve curve{diff.classes[i].letter, {}, {}, {}};
    for (const auto place : thinned(losses.size())) {
      curve.steps.push_back(static_cast<std::int64_t>(place) + 1);
      curve.loss.push_back(losses[place]);
      if (split != nullptr)
        curve.distance.push_back(place < split->loss_distance.size() ? split->loss_distance[place] : none);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

Heat heat_of(const Diff& diff) {
  Heat heat;
  for (const auto& trace : diff.traces) {
    heat.names.push_back(trace.name);
    heat.letters.push_back(diff.classes[trace.in_class].letter);
  }
  const std::size_t count = diff.classes.size();
  std::vector<HeatCell> pairs(count * count);
  for (const auto& split : diff.splits)
    pairs[split.a * count + split.b].first = pairs[split.b * count + split.a].first = split.first.step;
  for (const auto& row : diff.traces) {
    std::vector<HeatCell> cells;
    for (const auto& column : diff.traces) cells.push_back(pairs[row.in_class * count + column.in_class]);
    heat.cells.push_back(std::move(cells));
  }
  return heat;
}

std::string strips_sentence(const Diff& diff) {
  std::string text;
  for (const auto cause : {Cause::data, Cause::order, Cause::batch, Cause::random, Cause::arithmetic,
                           Cause::artifacts, Cause::extent}) {
    std::vector<std::string> classes;
    for (std::size_t i = 1; i < diff.classes.size(); ++i)
      if (const Split* split = from_first(diff, i); split != nullptr && cause_of(split->first) == cause)
        classes.push_back(named_class(diff, i));
    if (classes.empty()) continue;
    if (!text.empty()) text += " ";
    text += cause_sentence(cause, classes);
  }
  return text;
}

std::string curves_sentence(const Diff& diff) {
  constexpr std::size_t written = 4;
  std::string text;
  std::size_t told = 0;
  for (std::size_t i = 1; i < diff.classes.size() && told < written; ++i) {
    const Split* split = from_first(diff, i);
    if (split == nullptr || split->loss_distance.empty()) continue;
    if (!text.empty()) text += " ";
    text += distance_sentence(diff, *split);
    ++told;
  }
  return text;
}

}  // namespace reprise
