// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/held_words.h"

#include <algorithm>
#include <cmath>

#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

// As many digits as tell a hundredth of the margin.
std::string digits(double value, const Claim& claim) {
  const double step = claim.margin > 0 ? claim.margin / 100 : 1;
  const int places = std::clamp(static_cast<int>(std::ceil(-std::log10(step))), 0, 12);
  std::string text = fmt::format("{:.{}f}", value, places);
  return text;
}

std::string runs_word(std::size_t count) { return counted(count, "distinct run"); }

}  // namespace

std::string in_unit(double value, const Claim& claim) {
  if (claim.kind == ClaimKind::convergence)
    return std::isfinite(value) ? fmt::format("{:.6g} {}", value, claim.unit) : "never";
  return digits(value, claim) + (claim.unit.empty() ? "" : " " + claim.unit);
}

std::string published_words(const Claim& claim) {
  std::string words = fmt::format("{:.6g}{}", claim.value, claim.unit.empty() ? "" : " " + claim.unit);
  if (claim.spread)
    words += fmt::format(
        " +/- {:.4g} ({})", *claim.spread,
        claim.spread_kind == SpreadKind::unknown ? "of unknown kind" : to_text(claim.spread_kind));
  if (claim.statistic == Statistic::best_seed)
    return words + fmt::format(", the best of {} seeds", claim.n_seeds);
  if (is_formula(claim)) return words + ", by a formula";
  return words + (claim.n_seeds > 1 ? fmt::format(" over {} seeds", claim.n_seeds) : ", one number");
}

std::string statistic_words(const Claim& claim) {
  if (claim.kind == ClaimKind::law) return "the ratio over all runs together";
  const std::string within = claim.take == Take::last    ? "the last value"
                             : claim.take == Take::first ? "the first value"
                             : claim.take == Take::min   ? "the smallest value"
                             : claim.take == Take::max   ? "the largest value"
                             : claim.take == Take::mean  ? "the mean of the values"
                                                         : "the median of the values";
  const std::string_view over = claim.statistic == Statistic::median      ? "the median over runs of "
                                : claim.statistic == Statistic::best_seed ? "the best run by "
                                                                          : "the mean over runs of ";
  return fmt::format("{}{} of {} in each run", over, within, claim.metric);
}

std::string why_no_test(const HeldClaim& held) {
  const std::string name = held.claim.name + ": cannot be told: ";
  for (const auto& run : held.runs) {
    if (run.stopped) continue;
    if (!run.outcome.done())
      return fmt::format(
          "{}{} was started and did not come to its end ({}); a claim is judged on every run that was "
          "started",
          name, run.name, run.outcome.reason.empty() ? to_text(run.outcome.ending) : run.outcome.reason);
    if (!run.value) return fmt::format("{}{} has no {}: {}", name, run.name, held.claim.metric, run.trouble);
  }
  const auto ended =
      std::ranges::count_if(held.runs, [](const ClaimRun& run) { return run.value.has_value(); });
  if (ended < 2)
    return fmt::format("{}{} came to an end, two at least are needed to measure a spread", name,
                       counted(static_cast<std::size_t>(ended), "run"));
  if (held.ours.n < 2)
    return fmt::format(
        "{}all {} runs have equal bits and count as one: the seed does not reach the training (give it "
        "to the script: --seed {{seed}})",
        name, ended);
  if (held.claim.kind != ClaimKind::law && held.trainings > 0 && held.trainings < held.ours.n)
    return fmt::format(
        "{}the {} that count end with {} weights, so the seed does not reach the training of each of them: "
        "how far trainings vary was not measured (give the seed to the training: --seed {{seed}})",
        name, runs_word(held.ours.n),
        held.trainings == 1 ? "equal" : fmt::format("only {} different", held.trainings));
  if (!(held.ours.sd > 0) && !held.claim.spread)
    return fmt::format(
        "{}all {} give exactly {}: {} is too coarse, or does not depend on the training, so that no "
        "spread can be measured",
        name, runs_word(held.ours.n), in_unit(held.ours.mean, held.claim), held.claim.metric);
  return "";
}

namespace {

std::string numbers_of(const HeldClaim& held) {
  const Claim& claim = held.claim;
  const double difference = held.our_value - claim.value;
  const std::string spread =
      claim.kind == ClaimKind::law ? "" : fmt::format(" (SD {})", digits(held.ours.sd, claim));
  return fmt::format("{} is {} over {}{}, {} {} the published {}", claim.metric,
                     in_unit(held.our_value, claim), runs_word(held.ours.n), spread,
                     digits(std::abs(difference), claim), difference < 0 ? "below" : "above",
                     in_unit(claim.value, claim));
}

// The widest interval over the readings.
std::string interval_of(const HeldClaim& held) {
  double low = held.readings.front().test.interval_low, high = held.readings.front().test.interval_high;
  for (const auto& one : held.readings) {
    low = std::min(low, one.test.interval_low);
    high = std::max(high, one.test.interval_high);
  }
  return fmt::format("the 90 % interval of the difference, {} to {}", digits(low, held.claim),
                     digits(high, held.claim));
}

std::string what_is_needed(const HeldClaim& held) {
  const std::string more =
      held.needed ? fmt::format("about {} runs would tell, if the difference stays as it is", *held.needed)
                  : "the difference lies so near the margin that no practical number of runs would tell";
  if (!held.too_imprecise) return more;
  const bool may_differ = held.needed && std::abs(held.our_value - held.claim.value) > held.claim.margin;
  return fmt::format(
      "the claim is too imprecise for its margin: no number of runs can show that it stands{}",
      may_differ ? fmt::format("; about {} would show that it does not, if the difference stays as it is",
                               *held.needed)
                 : "");
}

std::string disagreement(const HeldClaim& held) {
  std::vector<std::string> each;
  for (const auto& one : held.readings)
    each.push_back(fmt::format("{} as {}",
                               one.test.result == Equivalence::equivalent  ? "equivalent"
                               : one.test.result == Equivalence::different ? "different"
                                                                           : "inconclusive",
                               one.reading.name));
  return join(each, ", ");
}

}  // namespace

std::string sentence_of(const HeldClaim& held) {
  const std::string head = fmt::format("{}: {}: {}; {}", held.claim.name, to_text(held.answer),
                                       numbers_of(held), interval_of(held));
  const std::string margin = in_unit(held.claim.margin, held.claim);
  if (held.answer == ClaimAnswer::stands)
    return fmt::format("{}, lies within the margin of {}", head, margin);
  if (held.answer == ClaimAnswer::does_not_stand) {
    if (held.claim.kind == ClaimKind::law)
      return fmt::format("{}, lies wholly beyond the margin of {}", head, margin);
    const bool better = (held.our_value > held.claim.value) == held.claim.higher_is_better;
    return fmt::format("{}, lies wholly beyond the margin of {}: ours is {}", head, margin,
                       better ? "better" : "worse");
  }
  const bool disagree = std::ranges::any_of(
      held.readings, [&](const auto& one) { return one.test.result != held.readings.front().test.result; });
  return fmt::format(
      "{}, lies neither within the margin of {} nor beyond it{}; {}", head, margin,
      disagree ? " under every reading of the published spread (" + disagreement(held) + ")" : "",
      what_is_needed(held));
}

std::string holm_sentence(const HeldClaim& held, std::size_t claims) {
  return fmt::format(
      "{}: cannot be told: by itself it {}, but with {} claims tested at once (Holm) p is {:.3f}, above "
      "0.05; more runs would tell",
      held.claim.name, held.answer == ClaimAnswer::stands ? "would stand" : "would not stand", claims,
      held.adjusted_p);
}

std::string why_no_digest(const HeldClaim& held) {
  for (const auto& run : held.runs) {
    if (!run.outcome.done())
      return fmt::format("{}: cannot be told: {} did not come to its end ({})", held.claim.name, run.name,
                         run.outcome.reason.empty() ? to_text(run.outcome.ending) : run.outcome.reason);
    if (run.artifact.empty() || !run.trouble.empty())
      return fmt::format("{}: cannot be told: {} left no '{}'{}", held.claim.name, run.name,
                         held.claim.artifact, run.trouble.empty() ? "" : " (" + run.trouble + ")");
  }
  return held.claim.name + ": cannot be told: no run was made";
}

std::string digest_sentence(const HeldClaim& held, const ClaimRun& run) {
  const std::string place = run.where.empty() ? "" : " on " + run.where;
  if (held.answer == ClaimAnswer::stands)
    return fmt::format("{}: stands, bit for bit: the SHA-256 of {} is the published {}...{} ({})",
                       held.claim.name, held.claim.artifact, held.claim.sha256.substr(0, 12), place,
                       counted(held.runs.size(), "run"));
  return fmt::format("{}: does not stand: the SHA-256 of {} is {}..., published is {}...{}", held.claim.name,
                     held.claim.artifact, run.artifact.substr(0, 12), held.claim.sha256.substr(0, 12), place);
}

}  // namespace reprise
