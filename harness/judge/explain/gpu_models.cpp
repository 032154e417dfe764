// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/gpu_models.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

std::string fact(const Facts& facts, const std::string& key) {
  const auto found = facts.find(key);
  return found == facts.end() ? "" : found->second;
}

int number(const Facts& facts, const std::string& key) {
  return static_cast<int>(to_integer(fact(facts, key)).value_or(0));
}

std::string described(const GpuModel& card) {
  return fmt::format("{}, compute capability {}.{}, {} processors", card.name, card.major, card.minor,
                     card.processors);
}

std::string named(const std::optional<GpuModel>& card) { return card ? card->name : "the CPU"; }

GpuPrediction without_draws(const std::optional<GpuModel>& a, const std::optional<GpuModel>& b) {
  GpuPrediction prediction;
  prediction.sentence = fmt::format(
      "{} and {}: the harness draws all random numbers, so both begin with the same weights; the arithmetic "
      "after that may differ",
      named(a), named(b));
  return prediction;
}

GpuPrediction draws_on_one(const std::optional<GpuModel>& a, const std::optional<GpuModel>& b) {
  GpuPrediction prediction;
  prediction.draws = Draws::differ;
  prediction.sentence = fmt::format(
      "{} and {} draw from generators of two kinds: other numbers, before training", named(a), named(b));
  return prediction;
}

GpuPrediction draws_on_two(const GpuModel& a, const GpuModel& b, std::int64_t largest) {
  const std::int64_t one = drawn_at_once(a), other = drawn_at_once(b), threshold = std::min(one, other);
  GpuPrediction prediction;
  std::string text = fmt::format("{} draws {} numbers at once and {} {}", a.name, one, b.name, other);
  if (one == other) {
    text += ": every draw is the same on both";
  } else if (largest == 0) {
    prediction.draws = Draws::unknown;
    text += fmt::format(": if the run draws more than {} at once, its random numbers differ from there on",
                        threshold);
  } else if (largest <= threshold) {
    text += fmt::format("; the largest draw here has {}: every draw is the same on both", largest);
  } else {
    prediction.draws = Draws::differ;
    text += fmt::format("; the largest draw here has {}: random numbers differ, before training", largest);
  }
  prediction.sentence = text;
  return prediction;
}

bool same_kind(const GpuModel& a, const GpuModel& b) {
  return a.major == b.major && a.minor == b.minor && a.processors == b.processors &&
         a.threads_per_processor == b.threads_per_processor;
}

GpuOutcome outcome(const GpuPrediction& prediction, bool came_true, const std::string& found) {
  return {came_true, fmt::format("{}. {}: {}", prediction.sentence,
                                 came_true ? "It came true" : "It did not come true", found)};
}

// The pins but the device, and the library files but the driver's, as one text.
std::string all_but_device(const TraceSummary& trace) {
  std::string text;
  for (const auto& [name, value] : trace.pins)
    if (name != "device") text += name + "=" + value + "\n";
  return text;
}

bool same_libraries(const Facts& a, const Facts& b) {
  const auto libraries = [](const Facts& facts) {
    Facts chosen;
    for (const auto& [key, value] : facts)
      if (key.starts_with("library.lib") || key == "gpu.driver") chosen.emplace(key, value);
    return chosen;
  };
  return libraries(a) == libraries(b);
}

std::string gpu_key(const TraceSummary& trace) {
  const auto card = gpu_model_of(trace.facts);
  return card ? card->uuid : "cpu";
}

GpuPair pair_of(const Diff& diff, std::size_t i, std::size_t j) {
  const auto &a = diff.traces[i], &b = diff.traces[j];
  const auto rng = a.pins.find("rng");
  const RandomUse use{rng != a.pins.end() && rng->second == "device", a.largest_weight};
  GpuPair pair{i, j, predict(gpu_model_of(a.facts), gpu_model_of(b.facts), use), {}};
  if (pair.prediction.null_test && !same_libraries(a.facts, b.facts)) {
    pair.prediction.null_test = false;
    pair.prediction.sentence += ", were their libraries and drivers the same, which they are not";
  }
  pair.outcome = outcome_of(pair.prediction, divergence_between(diff, a.in_class, b.in_class));
  return pair;
}

}  // namespace

std::optional<GpuModel> gpu_model_of(const Facts& facts) {
  GpuModel card;
  card.name = fact(facts, "gpu.name");
  card.uuid = fact(facts, "gpu.uuid");
  const std::string capability = fact(facts, "gpu.capability");
  const auto dot = capability.find('.');
  card.processors = number(facts, "gpu.processors");
  card.threads_per_processor = number(facts, "gpu.threads_per_processor");
  // A script's trace names its card, but not how many threads a processor has: nothing is predicted of what
  // it draws.
  if (card.name.empty() || dot == std::string::npos || card.processors < 1 || card.threads_per_processor < 1)
    return std::nullopt;
  card.major = static_cast<int>(to_integer(capability.substr(0, dot)).value_or(0));
  card.minor = static_cast<int>(to_integer(capability.substr(dot + 1)).value_or(0));
  return card;
}

std::int64_t drawn_at_once(const GpuModel& card) {
  return drawn_at_once(card.processors, card.threads_per_processor);
}

GpuPrediction predict(const std::optional<GpuModel>& a, const std::optional<GpuModel>& b,
                      const RandomUse& use) {
  check(a || b, "one of two runs is on a GPU");
  if (a && b && same_kind(*a, *b)) {
    GpuPrediction prediction;
    prediction.null_test = true;
    prediction.sentence = fmt::format(
        "a null test: {} and {} have equal architecture and processors, so expect zero differences",
        described(*a), described(*b));
    return prediction;
  }
  if (!use.on_device) return without_draws(a, b);
  if (!a || !b) return draws_on_one(a, b);
  return draws_on_two(*a, *b, use.largest_draw);
}

GpuOutcome outcome_of(const GpuPrediction& prediction, const ClassDivergence* divergence) {
  const std::string apart =
      divergence == nullptr
          ? "no bit differs"
          : fmt::format("they part {} ({})", when(divergence->first.step), place_of(divergence->first));
  if (prediction.null_test) return outcome(prediction, divergence == nullptr, apart);
  if (prediction.draws == Draws::unknown) return {std::nullopt, prediction.sentence};
  const auto weights = divergence == nullptr
                           ? std::nullopt
                           : divergence->first.stage_first[static_cast<std::size_t>(Stage::weights)];
  const bool began_apart = weights.has_value() && *weights == 0;
  const std::string found =
      fmt::format("the initial weights {}, and {}", began_apart ? "differ" : "are the same", apart);
  return outcome(prediction, began_apart == (prediction.draws == Draws::differ), found);
}

std::vector<GpuPair> gpu_pairs(const Diff& diff) {
  // The first trace of each card under the same pins, in the order of the traces.
  std::vector<std::pair<std::string, std::size_t>> firsts;
  std::set<std::string> known;
  for (std::size_t i = 0; i < diff.traces.size(); ++i) {
    std::string rest = all_but_device(diff.traces[i]);
    if (known.insert(gpu_key(diff.traces[i]) + "\n" + rest).second) firsts.emplace_back(std::move(rest), i);
  }
  std::vector<GpuPair> pairs;
  for (std::size_t i = 0; i < firsts.size(); ++i)
    for (std::size_t j = i + 1; j < firsts.size(); ++j)
      if (firsts[i].first == firsts[j].first)
        pairs.push_back(pair_of(diff, firsts[i].second, firsts[j].second));
  return pairs;
}

}  // namespace reprise
