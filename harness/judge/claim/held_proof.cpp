// SPDX-License-Identifier: Apache-2.0
// Segments of a training, trained again, against the checkpoints that it left.
#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/claim/held.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

std::string steps_of(const RepeatedSegment& one) { return fmt::format("{} to {}", one.from, one.to); }

// " with threads=2", or "".
std::string with_pins(const ClaimedProof& proof) {
  std::vector<std::string> words;
  for (const auto& [name, value] : proof.pins) words.push_back(name + "=" + value);
  return words.empty() ? "" : " with " + join(words, ", ");
}

std::string distances(const WeightsDistance& apart, const WeightsDistance& most) {
  return fmt::format(
      "l1 {:.3g} of {:.3g}, l2 {:.3g} of {:.3g}, maximum {:.3g} of {:.3g}, cosine {:.3g} of {:.3g}", apart.l1,
      most.l1, apart.l2, most.l2, apart.linf, most.linf, apart.cos, most.cos);
}

WeightsDistance largest(const std::vector<RepeatedSegment>& segments) {
  WeightsDistance most;
  for (const auto& one : segments)
    most = {std::max(most.l1, one.apart.l1), std::max(most.l2, one.apart.l2),
            std::max(most.linf, one.apart.linf), std::max(most.cos, one.apart.cos)};
  return most;
}

// Why the run has no segments to train again, or "".
std::string why_no_segments(const std::vector<ClaimRun>& runs) {
  if (runs.empty()) return "no run was made";
  const ClaimRun& run = runs.front();
  if (!run.outcome.done())
    return fmt::format("{} did not come to its end ({})", run.name,
                       run.outcome.reason.empty() ? to_text(run.outcome.ending) : run.outcome.reason);
  return run.trouble.empty() ? "" : run.name + ": " + run.trouble;
}

std::string why_standing(const HeldClaim& held, bool equal) {
  std::vector<std::string> steps;
  for (const auto& one : held.segments) steps.push_back(steps_of(one));
  const std::string head =
      fmt::format("{} that moved the weights furthest (steps {}), trained again{}, end",
                  steps.size() == 1 ? "the segment" : fmt::format("the {} segments", steps.size()),
                  join(steps, "; "), with_pins(held.claim.proof));
  const std::string ends = steps.size() == 1 ? head + "s" : head;
  if (equal) return ends + " with equal weights, bit for bit";
  return fmt::format("{} within the thresholds: at most {}", ends,
                     distances(largest(held.segments), held.claim.proof.thresholds));
}

}  // namespace

HeldClaim hold_proof(const Claim& claim, std::vector<ClaimRun> runs, std::vector<RepeatedSegment> segments,
                     std::size_t all) {
  HeldClaim held{claim, std::move(runs)};
  held.segments = std::move(segments);
  const auto& again = held.segments;
  std::string why = why_no_segments(held.runs);
  const auto beyond = std::ranges::find_if(again, [&](const RepeatedSegment& one) {
    return one.trouble.empty() && !one.equal && !within(one.apart, claim.proof.thresholds);
  });
  const auto in_trouble =
      std::ranges::find_if(again, [](const RepeatedSegment& one) { return !one.trouble.empty(); });
  if (why.empty() && again.empty()) why = "no segment was trained again";
  if (why.empty() && beyond == again.end() && in_trouble != again.end())
    why = fmt::format("steps {}: {}", steps_of(*in_trouble), in_trouble->trouble);
  if (!why.empty()) {
    held.sentence = fmt::format("{}: cannot be told: {}", claim.name, why);
    return held;
  }
  if (beyond != again.end()) {
    held.answer = ClaimAnswer::does_not_stand;
    held.finding = Finding::different;
    held.sentence = fmt::format(
        "{}: does not stand: steps {}, trained again{}, end beyond the thresholds: {}", claim.name,
        steps_of(*beyond), with_pins(claim.proof), distances(beyond->apart, claim.proof.thresholds));
  } else {
    const bool equal = std::ranges::all_of(again, &RepeatedSegment::equal);
    held.answer = ClaimAnswer::stands;
    held.finding = equal ? Finding::identical : Finding::equivalent;
    held.sentence = fmt::format("{}: stands: {}", claim.name, why_standing(held, equal));
  }
  if (again.size() < all)
    held.remarks.push_back(fmt::format("{} of {} segments {} trained again; the others are untested.",
                                       again.size(), all, again.size() == 1 ? "was" : "were"));
  return held;
}

}  // namespace reprise
