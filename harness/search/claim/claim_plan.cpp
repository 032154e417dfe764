// SPDX-License-Identifier: Apache-2.0
#include "harness/search/claim/claim_plan.h"

#include <algorithm>

#include "harness/judge/claim/held_words.h"
#include "harness/judge/claim/power.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/plan/set_pin.h"
#include "harness/search/claim/law_runs.h"

namespace reprise {
namespace {

// The most that a single run may vary for `n` runs to have the wanted power.
double most_sd(const Claim& claim, std::size_t n, double alpha) {
  double low = 0, high = claim.margin * 10;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (power_of(claim, middle, n, alpha) >= wanted_power ? low : high) = middle;
  }
  return low;
}

struct Count {
  std::size_t runs = usual_runs;
  std::optional<double> power;
  std::string why;
};

Count of_unknown_spread(const Claim& claim, std::size_t runs, double alpha) {
  const double most = most_sd(claim, runs, alpha);
  if (most <= 0) return {runs, std::nullopt, "no spread is published, and they measure it"};
  return {runs, std::nullopt,
          fmt::format(
              "no spread is published, so they measure it; the power to show agreement within {} is 80 % or "
              "more if single runs vary by an SD of {:.3g} or less",
              in_unit(claim.margin, claim), most)};
}

Count of_known_spread(const Claim& claim, std::optional<std::size_t> asked, double alpha) {
  const auto readings = readings_of(claim);
  const double sd = std::ranges::max_element(readings, {}, &SpreadReading::sd)->sd;
  const auto words = [&](std::size_t n) {
    return fmt::format(
        "the power to show agreement within {} is {:.2f} if single runs vary by the published SD of {:.3g}",
        in_unit(claim.margin, claim), power_of(claim, sd, n, alpha), sd);
  };
  if (asked) return {*asked, power_of(claim, sd, *asked, alpha), words(*asked)};
  const PlannedSide theirs{sd, claim.n_seeds, true};
  if (least_margin(sd, claim.n_seeds) >= claim.margin)
    return {
        usual_runs, 0.0,
        fmt::format(
            "the published mean is uncertain by {:.3g} itself, more than the margin of {}, so that no number "
            "of runs can show that the claim stands{}; they may show that it does not",
            least_margin(sd, claim.n_seeds), in_unit(claim.margin, claim),
            readings.size() > 1 ? " under every reading of its spread" : "")};
  const auto needed = own_runs_needed(sd, theirs, claim.margin, alpha).value_or(most_planned_runs);
  const std::size_t n = std::clamp<std::size_t>(needed, 3, most_planned_runs);
  return {n, power_of(claim, sd, n, alpha), words(n)};
}

std::string proof_words(const ClaimedProof& proof) {
  std::string with;
  for (const auto& [name, value] : proof.pins)
    with += fmt::format("{} {}={}", with.empty() ? " with" : ",", name, value);
  return fmt::format(
      "a proof is of one training; of its segments of {} those {} over which the weights move furthest are "
      "trained again{}",
      counted(static_cast<std::size_t>(proof.interval), "step"), proof.segments, with);
}

// A run that leaves what others begin from.
void leave_checkpoints(const ClaimedProof& proof, Plan& plan) {
  const std::int64_t last = last_step_of(plan);
  if (proof.interval > last)
    fail("wanted an interval of at most the {} of the training, found {}",
         counted(static_cast<std::size_t>(last), "step"), proof.interval);
  plan.watch.checkpoint_every = proof.interval;
  plan.watch.keep = Keep::all;
}

Count count_for(const Claim& claim, std::optional<std::size_t> asked, double alpha) {
  if (claim.kind == ClaimKind::digest)
    return {asked ? std::min<std::size_t>(*asked, 1) : 1, std::nullopt,
            "bits are equal or not, and the published ones have the recipe's own seed"};
  if (claim.kind == ClaimKind::law)
    return {asked.value_or(usual_law_runs), std::nullopt,
            "a law is of many runs at once, and they tell how surely it holds"};
  if (claim.kind == ClaimKind::convergence)
    return {asked.value_or(std::max<std::size_t>(3, claim.points.front().runs.size() / 2)), std::nullopt,
            "half as many as the reference has, as MLPerf's rules have it"};
  if (claim.kind == ClaimKind::proof)
    return {asked ? std::min<std::size_t>(*asked, 1) : 1, std::nullopt, proof_words(claim.proof)};
  if (claim.spread) return of_known_spread(claim, asked, alpha);
  return of_unknown_spread(claim, asked.value_or(usual_runs), alpha);
}

std::string prefix_of(const Claim& claim) {
  std::string prefix;
  for (const auto& [name, value] : claim.set) prefix += fmt::format("{}={} ", name, value);
  return prefix;
}

}  // namespace

double power_of(const Claim& claim, double sd, std::size_t n, double alpha) {
  if (n < 2) return 0;
  const auto readings = readings_of(claim);
  if (readings.empty()) return tost_power_alike(sd, n, claim.n_seeds, claim.margin, alpha);
  double least = 1;
  for (const auto& reading : readings)
    least = std::min(least,
                     tost_power({sd, n, false}, {reading.sd, claim.n_seeds, true}, claim.margin, 0, alpha));
  return least;
}

ClaimPlan plan_claim(const Recipe& recipe, const Choices& choices, const Claim& claim,
                     std::optional<std::size_t> seeds, std::size_t claims) {
  Choices all = choices;
  all.set.insert(all.set.begin(), claim.set.begin(), claim.set.end());
  Plan base = plan_of(recipe, all);
  if (claim.kind == ClaimKind::proof) leave_checkpoints(claim.proof, base);
  const Count count = count_for(claim, seeds, 0.05 / static_cast<double>(claims));
  const std::int64_t first = to_integer(base.pins.at("seed")).value_or(0);
  ClaimPlan planned{claim, {}, {}, count.power, ""};
  for (std::size_t i = 0; i < count.runs; ++i) {
    Run run{"", base, 1, {}};
    planned.seeds.push_back(std::to_string(first + static_cast<std::int64_t>(i)));
    set_pin(run.plan, "seed", planned.seeds.back());
    run.name = prefix_of(claim) + "seed=" + planned.seeds.back();
    planned.runs.push_back(std::move(run));
  }
  planned.sentence = fmt::format("{}: {} with seed{} {}{}: {}", claim.name, counted(count.runs, "run"),
                                 count.runs == 1 ? "" : "s", planned.seeds.front(),
                                 count.runs == 1 ? "" : " to " + planned.seeds.back(), count.why);
  if (claim.kind == ClaimKind::law) add_beside(base, prefix_of(claim), planned);
  return planned;
}

}  // namespace reprise
