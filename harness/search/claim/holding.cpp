// SPDX-License-Identifier: Apache-2.0
#include "harness/search/claim/holding.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/time_left.h"
#include "harness/search/claim/claim_numbers.h"
#include "harness/search/claim/proof_runs.h"

namespace reprise {
namespace {

using Clock = std::chrono::steady_clock;

std::string forecast(const ClaimPlan& plan, const LaunchOptions& options) {
  std::size_t existing = 0;
  double seconds = 0;
  for (const auto& run : plan.runs)
    if (const auto outcome = options.again ? std::nullopt : standing_run(run, options)) {
      ++existing;
      seconds += outcome->seconds;
    }
  if (existing == plan.runs.size()) return plan.sentence + "; all of them exist";
  if (existing == 0) return plan.sentence + "; how long one takes is not known before the first";
  const double each = seconds / static_cast<double>(existing);
  return fmt::format("{}; {} of them exist, the others take about {} each, {} one after the other",
                     plan.sentence, existing, duration_words(each),
                     duration_words(each * static_cast<double>(plan.runs.size() - existing)));
}

// As long as there is time: whoever is asked when it is over gets no run more, and those that run are ended.
LaunchOptions within(const LaunchOptions& options, std::chrono::seconds budget, Clock::time_point begin) {
  if (budget.count() == 0) return options;
  LaunchOptions limited = options;
  limited.interrupted = [asked = options.interrupted, budget, begin] {
    return (asked && asked()) || Clock::now() - begin >= budget;
  };
  return limited;
}

std::string cost_of_budget(const HeldClaim& held, const ClaimPlan& plan, std::size_t claims) {
  const auto stopped = static_cast<std::size_t>(std::ranges::count_if(held.runs, &ClaimRun::stopped));
  const double alpha = 0.05 / static_cast<double>(claims);
  const std::string head =
      fmt::format("The time was used up after {} of {} runs", held.runs.size() - stopped, held.runs.size());
  if (held.ours.n < 2 || held.claim.kind != ClaimKind::metric) return head + ".";
  return fmt::format(
      "{}: the power to show agreement is {:.2f} with them and would be {:.2f} with all, as single runs "
      "vary by {:.3g}.",
      head, power_of(held.claim, held.ours.sd, held.ours.n, alpha),
      power_of(held.claim, held.ours.sd, plan.runs.size(), alpha), held.ours.sd);
}

HeldClaim held_by_segments(const ClaimPlan& plan, std::vector<ClaimRun> made, const LaunchOptions& options) {
  RepeatedProof again;
  if (made.front().outcome.done() && made.front().trouble.empty()) try {
      again = repeat_segments(plan.claim.proof, plan.runs.front(), made.front().folder, options);
    } catch (const Error& error) {
      made.front().trouble = error.what();
    }
  return hold_proof(plan.claim, std::move(made), std::move(again.segments), again.all);
}

HeldClaim held_by_kind(const ClaimPlan& plan, const std::vector<ClaimRun>& made,
                       const LaunchOptions& options) {
  switch (plan.claim.kind) {
    case ClaimKind::digest:
      return hold_digest(plan.claim, made);
    case ClaimKind::law:
      return hold_law(plan.claim, made);
    case ClaimKind::convergence:
      return hold_convergence(plan.claim, made, static_cast<double>(plan.runs.front().plan.batch));
    case ClaimKind::proof:
      return held_by_segments(plan, made, options);
    case ClaimKind::metric:
      break;
  }
  return hold_metric(plan.claim, made);
}

}  // namespace

std::vector<std::string> forecasts(const std::vector<ClaimPlan>& plans, const LaunchOptions& options) {
  std::vector<std::string> sentences;
  for (const auto& plan : plans) sentences.push_back(forecast(plan, options));
  return sentences;
}

std::vector<HeldClaim> hold(const std::vector<ClaimPlan>& plans, const ClaimChoices& choices,
                            const LaunchOptions& options) {
  std::vector<Run> runs;
  // Seed by seed, so that claims share a time budget.
  std::size_t most = 0;
  for (const auto& plan : plans) most = std::max(most, plan.runs.size());
  for (std::size_t i = 0; i < most; ++i)
    for (const auto& plan : plans)
      if (i < plan.runs.size()) runs.push_back(plan.runs[i]);
  const auto begin = Clock::now();
  const LaunchOptions limited = within(options, choices.budget, begin);
  const auto results = launch(runs, limited);
  const bool over = choices.budget.count() > 0 && Clock::now() - begin >= choices.budget;
  std::vector<HeldClaim> claims;
  for (const auto& plan : plans) {
    std::vector<ClaimRun> made;
    for (const auto& run : plan.runs) {
      const auto at = std::ranges::find_if(
          results, [&](const RunResult& one) { return one.folder == run_folder(options.runs, run); });
      made.push_back(read_claim_run(plan.claim, run, *at));
      made.back().beside = made.size() > plan.seeds.size();
      const Ending ending = made.back().outcome.ending;
      made.back().stopped = over && (ending == Ending::interrupted || ending == Ending::not_run);
    }
    claims.push_back(held_by_kind(plan, made, limited));
    claims.back().plan = plan.sentence;
    if (std::ranges::any_of(claims.back().runs, &ClaimRun::stopped))
      claims.back().remarks.push_back(cost_of_budget(claims.back(), plan, plans.size()));
  }
  adjust(claims);
  return claims;
}

std::chrono::seconds budget_from(std::string_view text) {
  const std::string_view units = "smh";
  double factor = 1;
  std::string_view number = text;
  if (!text.empty() && units.find(text.back()) != std::string_view::npos) {
    factor = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : 3600;
    number.remove_suffix(1);
  }
  const auto value = to_number(number);
  if (!value || !(*value * factor >= 1) || *value * factor > 1e8)
    fail("wanted a time of a second or more after --budget (20m, 90s, 1.5h), found '{}'", text);
  return std::chrono::seconds(static_cast<std::int64_t>(*value * factor));
}

}  // namespace reprise
