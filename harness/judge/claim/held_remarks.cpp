// SPDX-License-Identifier: Apache-2.0
// What stands beside a verdict: what was published, runs that count once, the prediction interval, the noise
// floor.
#include <algorithm>
#include <cmath>

#include "harness/judge/claim/best_of.h"
#include "harness/judge/claim/held_words.h"
#include "harness/judge/claim/law.h"
#include "harness/judge/claim/noise_floor.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

void add_same(HeldClaim& held) {
  std::size_t same = 0, unknown = 0, stopped = 0;
  for (const auto& run : held.runs) {
    same += run.same_as.empty() ? 0 : 1;
    unknown += run.value && run.identity.empty() ? 1 : 0;
    stopped += run.stopped ? 1 : 0;
  }
  if (same > 0)
    held.remarks.push_back(fmt::format("{} of {} runs have the bits of an earlier one and do not count.",
                                       same, held.runs.size()));
  if (unknown > 0)
    held.remarks.push_back(
        fmt::format("Whether {} computed bits of its own is not known.", counted(unknown, "run")));
  if (stopped > 0)
    held.remarks.push_back(
        fmt::format("{} of {} runs were stopped when the time was used up, and are not counted.", stopped,
                    held.runs.size()));
}

void add_trainings(HeldClaim& held) {
  const std::size_t n = held.ours.n;
  if (n < 2 || held.trainings == 0 || held.trainings == n) return;
  held.remarks.push_back(
      held.trainings == 1
          ? fmt::format("All {} runs that count end with equal weights: they are one training, evaluated {} "
                        "times. The seed reaches the evaluation alone, and so does the spread: how much "
                        "trainings vary was not measured.",
                        n, n)
          : fmt::format(
                "The {} runs that count end with {} different weights: they are {} trainings, some of "
                "them evaluated more than once.",
                n, held.trainings, held.trainings));
}

void add_prediction(HeldClaim& held) {
  if (held.readings.empty()) return;
  const auto inside = std::ranges::count_if(
      held.readings, [&](const HeldReading& one) { return one.predicted.holds(held.our_value); });
  const auto& first = held.readings.front();
  const bool all = static_cast<std::size_t>(inside) == held.readings.size();
  held.remarks.push_back(
      fmt::format("Our number lies {} the 95 % prediction interval of the published one ({} to {}{}), which "
                  "is weak evidence.",
                  all           ? "inside"
                  : inside == 0 ? "outside"
                                : "inside or outside, by the reading of the spread,",
                  in_unit(first.predicted.low, held.claim), in_unit(first.predicted.high, held.claim),
                  held.readings.size() > 1 ? ", read as " + first.reading.name : ""));
}

void add_assumption(HeldClaim& held) {
  if (held.readings.empty()) return;
  const Claim& claim = held.claim;
  if (!claim.spread && claim.kind == ClaimKind::metric)
    held.remarks.push_back(
        fmt::format("No spread was published: it is taken to be that of our runs, SD {:.4g}.", held.ours.sd));
  if (claim.statistic == Statistic::best_seed)
    held.remarks.push_back(
        fmt::format("The best of {} seeds lies {:.2f} SD above the mean by chance alone; our number "
                    "is our mean with that much added, for values that are normal.",
                    claim.n_seeds, best_of(claim.n_seeds).mean));
  if (!(held.ours.sd > 0))
    held.remarks.push_back(fmt::format("All our runs give exactly {}.", in_unit(held.ours.mean, claim)));
}

// Whether test examples err by themselves, as far as the predictions that runs kept tell.
std::string independence_words(HeldClaim& held) {
  std::vector<const Predictions*> runs;
  for (const auto& run : held.runs)
    if (run.counts() && run.predictions) runs.push_back(&*run.predictions);
  if (runs.size() < 3 || runs.size() < held.ours.n)
    return "Whether errors are independent is not checked: not all runs kept what they predicted for each "
           "example.";
  const ErrorSpread spread = error_spread(errors_of(
      runs, [](std::int64_t predicted, std::int64_t label, std::int64_t) { return predicted != label; }));
  held.floor->independent = 100 * std::sqrt(spread.independent);
  return fmt::format("If examples erred independently of one another it would be {:.3f} %.",
                     100 * std::sqrt(spread.independent));
}

// Of an accuracy in percent over a test set of known size.
void add_floor(HeldClaim& held) {
  const Claim& claim = held.claim;
  if (claim.unit != "%" || !claim.test_n || held.ours.n < 2) return;
  const double right = claim.value / 100, error = claim.higher_is_better ? 1 - right : right;
  if (!(error > 0) || error >= 1) return;
  const std::size_t classes = claim.classes.value_or(0);
  std::string floor;
  held.floor = NoiseFloor{.binomial = 100 * binomial_sd(error, *claim.test_n)};
  if (classes >= 2) {
    held.floor->calibrated = 100 * least_sd(error, *claim.test_n, classes);
    floor = fmt::format("at least {:.3f} % if the models are calibrated, ", *held.floor->calibrated);
  }
  held.remarks.push_back(
      fmt::format("Noise floor of an accuracy over {} examples: SD {}at most about {:.3f} % (binomial); ours "
                  "is {:.3f} %. {}",
                  *claim.test_n, floor, held.floor->binomial, held.ours.sd, independence_words(held)));
  if (!claim.spread || classes < 2) return;
  for (const auto& one : held.readings)
    if (below_floor(one.reading.sd / 100, error, *claim.test_n, classes))
      held.remarks.push_back(
          fmt::format("The published spread read as {} is an SD of {:.3f} %, far below that floor: "
                      "seeds were not varied, runs were bit-identical, or it is a standard error.",
                      one.reading.name, one.reading.sd));
}

}  // namespace

void add_remarks(HeldClaim& held) {
  held.remarks.push_back(fmt::format("Published: {}; compared with {}.", published_words(held.claim),
                                     statistic_words(held.claim)));
  add_same(held);
  add_trainings(held);
  add_assumption(held);
  add_prediction(held);
  add_floor(held);
}

}  // namespace reprise
