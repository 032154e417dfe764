// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/held.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/judge/claim/best_of.h"
#include "harness/judge/claim/held_words.h"
#include "harness/judge/claim/pairing.h"
#include "harness/judge/claim/power.h"

namespace reprise {

std::string_view to_text(ClaimAnswer answer) {
  return answer == ClaimAnswer::stands           ? "stands"
         : answer == ClaimAnswer::does_not_stand ? "does not stand"
                                                 : "cannot be told";
}

int exit_code_of(ClaimAnswer answer) {
  return answer == ClaimAnswer::stands ? 0 : answer == ClaimAnswer::does_not_stand ? 1 : 2;
}

namespace {

// A median of normal values varies by this much more than their mean.
double variance_factor(const Claim& claim) {
  return claim.statistic == Statistic::median ? std::acos(-1.0) / 2 : 1;
}

}  // namespace

Uncertainty uncertainty(const Claim& claim, const std::optional<double>& published_sd, double sd,
                        std::size_t n) {
  const double count = static_cast<double>(n), published = static_cast<double>(claim.n_seeds);
  const double factor = variance_factor(claim);
  if (published_sd) {
    const double square = sd * sd / count + *published_sd * *published_sd / published;
    return {std::sqrt(factor * square), welch_df({n, 0, sd}, {claim.n_seeds, 0, *published_sd})};
  }
  if (claim.statistic == Statistic::best_seed) {
    const BestOf best = best_of(claim.n_seeds);
    // Of our mean, of our deviation that the best is told from, and of the published best itself.
    return {sd * std::sqrt(1 / count + best.mean * best.mean / (2 * (count - 1)) + best.sd * best.sd),
            count - 1};
  }
  const double theirs = is_formula(claim) ? 0 : 1 / published;
  return {sd * std::sqrt(factor * (1 / count + theirs)), count - 1};
}

namespace {

void take_values(const Claim& claim, std::vector<ClaimRun>& runs) {
  std::map<std::string, std::string> first;
  for (auto& run : runs) {
    if (!run.outcome.done() || !run.trouble.empty()) continue;
    try {
      run.value = taken(run.values, claim.take);
    } catch (const Error& error) {
      run.trouble = error.what();
      continue;
    }
    if (run.identity.empty()) continue;
    const auto [earlier, is_new] = first.emplace(run.identity, run.name);
    if (!is_new) run.same_as = earlier->second;
  }
}

std::size_t trainings_of(const std::vector<ClaimRun>& runs) {
  std::set<std::string> weights;
  for (const auto& run : runs)
    if (run.counts()) weights.insert(run.weights);
  return weights.contains("") ? 0 : weights.size();
}

double number_of(const Claim& claim, const Sample& ours, std::vector<double> values) {
  if (claim.statistic == Statistic::median) return taken(values, Take::median);
  if (claim.statistic != Statistic::best_seed) return ours.mean;
  return ours.mean + (claim.higher_is_better ? 1 : -1) * best_of(claim.n_seeds).mean * ours.sd;
}

HeldReading hold_reading(const HeldClaim& held, const SpreadReading& reading) {
  const Claim& claim = held.claim;
  const auto published = claim.spread ? std::optional(reading.sd) : std::nullopt;
  const Uncertainty how = uncertainty(claim, published, held.ours.sd, held.ours.n);
  HeldReading found{
      reading, equivalence_of(held.our_value - claim.value, how.standard_error, how.df, claim.margin), {}};
  // Both intervals are of a difference of two means; only the published deviation counts in this one.
  const double df = claim.spread ? static_cast<double>(claim.n_seeds - 1) : how.df;
  const double error =
      claim.spread ? reading.sd * std::sqrt(variance_factor(claim) * (1 / static_cast<double>(claim.n_seeds) +
                                                                      1 / static_cast<double>(held.ours.n)))
                   : how.standard_error;
  const double half = t_quantile(0.975, df) * error;
  found.predicted = {claim.value - half, claim.value + half};
  return found;
}

// The p-value of the better supported of the two things that a test may say.
double p_of(const EquivalenceTest& test) {
  const double within = std::max(test.p_lower, test.p_upper);
  return std::min(within, std::min(1 - test.p_lower, 1 - test.p_upper));
}

Equivalence agreed(const std::vector<HeldReading>& readings) {
  const Equivalence first = readings.front().test.result;
  const bool all = std::ranges::all_of(readings, [&](const auto& one) { return one.test.result == first; });
  return all ? first : Equivalence::inconclusive;
}

// The fewest runs with which this reading's interval would leave the margin or lie inside it, as things are.
std::optional<std::size_t> needed_for(const HeldClaim& held, const HeldReading& one) {
  const double room = std::abs(held.claim.margin - std::abs(one.test.difference));
  const auto published = held.claim.spread ? std::optional(one.reading.sd) : std::nullopt;
  for (std::size_t n = 2; n <= most_runs; n += 1 + n / 32) {
    const Uncertainty how = uncertainty(held.claim, published, held.ours.sd, n);
    if (t_quantile(0.95, how.df) * how.standard_error <= room) return std::max(n, held.ours.n + 1);
  }
  return std::nullopt;
}

void add_needed(HeldClaim& held) {
  std::size_t most = 0;
  bool all = true;
  for (const auto& one : held.readings) {
    const auto needed = needed_for(held, one);
    all = all && needed;
    most = std::max(most, needed.value_or(0));
    const auto published = held.claim.spread ? std::optional(one.reading.sd) : std::nullopt;
    const Uncertainty least = uncertainty(held.claim, published, held.ours.sd, 1U << 30U);
    if (t_quantile(0.95, least.df) * least.standard_error > held.claim.margin) held.too_imprecise = true;
  }
  // Where readings disagree, more runs let each of them speak, but not with one voice.
  const bool disagree = std::ranges::any_of(
      held.readings, [](const auto& one) { return one.test.result != Equivalence::inconclusive; });
  if (all && (!disagree || !held.too_imprecise)) held.needed = most;
}

void answer_by_test(HeldClaim& held) {
  const Equivalence result = agreed(held.readings);
  held.p = 0;
  for (const auto& one : held.readings) held.p = std::max(held.p, p_of(one.test));
  held.finding = Finding::inconclusive;
  if (result == Equivalence::equivalent) {
    held.answer = ClaimAnswer::stands;
    held.finding = Finding::equivalent;
  } else if (result == Equivalence::different) {
    held.answer = ClaimAnswer::does_not_stand;
    held.finding = Finding::different;
  } else {
    held.p = 1;
    add_needed(held);
  }
  held.adjusted_p = held.p;
}

}  // namespace

HeldClaim hold_metric(const Claim& claim, std::vector<ClaimRun> runs) {
  take_values(claim, runs);
  HeldClaim held{claim, std::move(runs)};
  std::vector<double> values;
  for (const auto& run : held.runs)
    if (run.counts()) values.push_back(*run.value);
  held.ours = sample_of(values);
  held.trainings = trainings_of(held.runs);
  held.finding = values.empty() ? Finding::untested : Finding::inconclusive;
  if (const std::string why = why_no_test(held); !why.empty()) {
    held.sentence = why;
    add_remarks(held);
    return held;
  }
  held.our_value = number_of(claim, held.ours, values);
  // Where no spread was published there is one way to read the number, with no deviation of its own.
  auto readings = readings_of(claim);
  if (readings.empty()) readings = {{"", 0}};
  for (const auto& reading : readings) held.readings.push_back(hold_reading(held, reading));
  if (claim.statistic != Statistic::median && claim.statistic != Statistic::best_seed) {
    const double published[] = {claim.value};
    held.bootstrap = bootstrap_interval(values, published);
  }
  answer_by_test(held);
  held.sentence = sentence_of(held);
  add_remarks(held);
  if (claim.kind == ClaimKind::metric) pair_runs(held);
  pair_by_example(held);
  return held;
}

HeldClaim hold_digest(const Claim& claim, std::vector<ClaimRun> runs) {
  HeldClaim held{claim, std::move(runs)};
  const ClaimRun* first = nullptr;
  bool all_equal = true, all_there = !held.runs.empty();
  for (const auto& run : held.runs) {
    all_there = all_there && run.outcome.done() && run.trouble.empty() && !run.artifact.empty();
    if (run.artifact.empty()) continue;
    if (!first || (first->artifact == claim.sha256 && run.artifact != claim.sha256)) first = &run;
    all_equal = all_equal && run.artifact == claim.sha256;
  }
  if (!first || !all_there) {
    held.sentence = why_no_digest(held);
    return held;
  }
  held.answer = all_equal ? ClaimAnswer::stands : ClaimAnswer::does_not_stand;
  held.finding = all_equal ? Finding::identical : Finding::different;
  held.sentence = digest_sentence(held, *first);
  return held;
}

void adjust(std::vector<HeldClaim>& claims) {
  std::vector<double> values;
  std::vector<HeldClaim*> tested;
  for (auto& one : claims)
    if (!one.readings.empty()) {
      tested.push_back(&one);
      values.push_back(one.p);
    }
  const auto adjusted = holm(values);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    HeldClaim& one = *tested[i];
    one.adjusted_p = adjusted[i];
    if (one.answer == ClaimAnswer::cannot_tell || one.adjusted_p <= 0.05) continue;
    one.remarks.insert(one.remarks.begin(), one.sentence);
    one.sentence = holm_sentence(one, tested.size());
    one.answer = ClaimAnswer::cannot_tell;
    one.finding = Finding::inconclusive;
  }
}

int exit_code_of(const std::vector<HeldClaim>& claims) {
  int code = claims.empty() ? 2 : 0;
  for (const auto& one : claims) {
    if (one.answer == ClaimAnswer::does_not_stand) return 1;
    code = std::max(code, exit_code_of(one.answer));
  }
  return code;
}

}  // namespace reprise
