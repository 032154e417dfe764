// SPDX-License-Identifier: Apache-2.0
// The losses by class, and how far they get from the first class's.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/lookup.h"
#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

constexpr std::size_t curve_points = 400;

// Evenly spaced places of a series of `count`, the first and the last among them.
std::vector<std::size_t> thinned(std::size_t count) {
  const std::size_t points = std::min(count, curve_points);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < points; ++i) places.push_back(points < 2 ? 0 : i * (count - 1) / (points - 1));
  return places;
}

// "the loss of B differs first at step 2, by 1.2e-07, and is 3.1e-04 away at step 200".
std::string distance_sentence(const Diff& diff, const ClassDivergence& divergence) {
  const auto& apart = divergence.loss_distance;
  const auto& letter = diff.classes[divergence.b].letter;
  const auto& reference = diff.classes[divergence.a].letter;
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

std::vector<blocks::Curve> curves_of(const Diff& diff) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<blocks::Curve> curves;
  for (std::size_t i = 0; i < diff.classes.size(); ++i) {
    const auto& losses = diff.classes[i].losses;
    const ClassDivergence* divergence = from_first(diff, i);
    blocks::Curve curve{diff.classes[i].letter, {}, {}, {}};
    for (const auto place : thinned(losses.size())) {
      curve.steps.push_back(static_cast<std::int64_t>(place) + 1);
      curve.loss.push_back(losses[place]);
      if (divergence != nullptr)
        curve.distance.push_back(place < divergence->loss_distance.size() ? divergence->loss_distance[place]
                                                                          : none);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::string curves_sentence(const Diff& diff) {
  constexpr std::size_t written = 4;
  std::string text;
  std::size_t told = 0;
  for (std::size_t i = 1; i < diff.classes.size() && told < written; ++i) {
    const ClassDivergence* divergence = from_first(diff, i);
    if (divergence == nullptr || divergence->loss_distance.empty()) continue;
    if (!text.empty()) text += " ";
    text += distance_sentence(diff, *divergence);
    ++told;
  }
  return text;
}

Section compose(const Judged& judged) {
  const auto curves = curves_of(judged.diff);
  Json list = Json::array();
  for (const auto& curve : curves)
    list.push_back({{"class", curve.letter},
                    {"steps", curve.steps},
                    {"loss", numbers(curve.loss)},
                    {"distance", numbers(curve.distance)}});
  return {.heading = "How far it goes",
          .blocks = {{blocks::Curves{curves_sentence(judged.diff), curves}}},
          .members = {{"curves", list}}};
}

}  // namespace

extern const SectionComposer curves{
    .summary = "the losses by class, and how far they go",
    .order = {.page = 50, .terminal = 50, .data = 85},
    .compose = compose,
};

}  // namespace reprise::sections
