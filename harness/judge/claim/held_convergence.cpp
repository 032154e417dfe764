// SPDX-License-Identifier: Apache-2.0
// Runs held against MLPerf's reference convergence points: are they faster than the same training can be?
#include <algorithm>
#include <cmath>

#include "harness/judge/claim/held.h"
#include "harness/judge/claim/held_words.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

HeldClaim& untold(HeldClaim& held, const std::string& why) {
  held.sentence = fmt::format("{}: cannot be told: {}", held.claim.name, why);
  return held;
}

std::vector<ConvergencePoint> points_of(const Claim& claim) {
  std::vector<ConvergencePoint> points;
  for (const auto& one : claim.points)
    points.push_back(reference_point(one.batch, one.runs, claim.deviation));
  return pruned(points);
}

// Why the runs have no score, or "".
std::string why_no_score(const std::vector<ClaimRun>& runs) {
  for (const auto& run : runs) {
    if (run.stopped) continue;
    if (!run.outcome.done())
      return fmt::format("{} was started and did not come to its end ({})", run.name,
                         run.outcome.reason.empty() ? to_text(run.outcome.ending) : run.outcome.reason);
    if (!run.trouble.empty()) return fmt::format("{}: {}", run.name, run.trouble);
  }
  const auto count = std::ranges::count_if(runs, &ClaimRun::counts);
  if (count < 3)
    return fmt::format("{}, three at least are needed: the fastest and the slowest are dropped",
                       counted(static_cast<std::size_t>(count), "distinct run"));
  return "";
}

void add_words(HeldClaim& held, double batch) {
  const Claim& claim = held.claim;
  const auto& [reference, verdict] = *held.convergence;
  held.remarks.push_back(fmt::format(
      "Reference at batch {:g}: mean {:.6g} {} of {} runs, SD {:.6g} ({}); the least mean of {} that is "
      "acceptable is {:.6g} (one-sided Student, 5 %).",
      batch, reference.mean, claim.unit, reference.n, reference.sd,
      claim.deviation == DeviationOf::rules ? "of the runs left after trimming, as MLPerf's rules have it"
                                            : "of all runs, as MLPerf's checker has it",
      counted(held.ours.n, "run"), verdict.least));
  held.remarks.push_back(
      fmt::format("A run is there when {} is {:g} or {}, which is seen only where it is "
                  "evaluated.",
                  claim.metric, claim.value, claim.higher_is_better ? "more" : "less"));
}

void answer(HeldClaim& held) {
  const auto& [reference, verdict] = *held.convergence;
  const std::string head = std::isfinite(verdict.score)
                               ? fmt::format("the score is {:.6g} {} over {}", verdict.score, held.claim.unit,
                                             counted(held.ours.n, "distinct run"))
                               : "";
  if (verdict.result == Convergence::not_converged) {
    untold(held, fmt::format("more than one run did not come to {} = {:g}, so that there is no score",
                             held.claim.metric, held.claim.value));
  } else if (verdict.result == Convergence::too_fast) {
    held.answer = ClaimAnswer::does_not_stand;
    held.finding = Finding::different;
    held.sentence = fmt::format(
        "{}: does not stand: {}, faster than the {:.6g} that the same training can take by chance",
        held.claim.name, head, verdict.least);
  } else {
    held.answer = ClaimAnswer::stands;
    held.finding = Finding::equivalent;
    held.sentence = fmt::format(
        "{}: stands: {}, not faster than the {:.6g} that is acceptable{}", held.claim.name, head,
        verdict.least,
        verdict.result == Convergence::scaled
            ? fmt::format("; below the reference mean, it is to be multiplied by {:.4f}", verdict.factor)
            : "");
  }
}

}  // namespace

HeldClaim hold_convergence(const Claim& claim, std::vector<ClaimRun> runs, double batch) {
  HeldClaim held{claim, std::move(runs)};
  for (std::size_t i = 0; i < held.runs.size(); ++i) {
    ClaimRun& run = held.runs[i];
    if (run.outcome.done() && run.trouble.empty() && !run.values.empty()) run.value = run.values.back();
    for (std::size_t before = 0; before < i && run.same_as.empty(); ++before)
      if (!run.identity.empty() && held.runs[before].identity == run.identity)
        run.same_as = held.runs[before].name;
  }
  const auto reference = point_at(points_of(claim), batch);
  if (!reference)
    return untold(held,
                  fmt::format("our batch of {:g} is larger than that of any reference: supply one", batch));
  if (const std::string why = why_no_score(held.runs); !why.empty()) return untold(held, why);
  std::vector<double> values;
  for (const auto& run : held.runs)
    if (run.counts()) values.push_back(*run.value);
  held.ours.n = values.size();
  held.convergence = HeldConvergence{*reference, judge_convergence(*reference, values)};
  held.our_value = held.convergence->verdict.score;
  answer(held);
  add_words(held, batch);
  return held;
}

}  // namespace reprise
