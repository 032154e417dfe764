// SPDX-License-Identifier: Apache-2.0
// A law held against runs: each run gets its jackknife pseudo-value as its number, and from there on it is
// judged as any other number is.
#include <algorithm>
#include <map>

#include "harness/judge/claim/held.h"
#include "harness/judge/claim/held_words.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

// Why the law cannot be measured on these runs, or "". Runs that the time did not suffice for are left out.
std::string why_not_measured(const ClaimRun& run) {
  if (run.stopped) return "";
  if (!run.outcome.done())
    return fmt::format(
        "{} was started and did not come to its end ({}); a law is judged on every run that was started",
        run.name, run.outcome.reason.empty() ? to_text(run.outcome.ending) : run.outcome.reason);
  if (!run.trouble.empty()) return fmt::format("{}: {}", run.name, run.trouble);
  if (!run.predictions)
    return fmt::format("{} has no predictions by test example: {}", run.name, run.no_predictions);
  return "";
}

bool usable(const ClaimRun& run) { return !run.stopped && run.same_as.empty() && run.predictions; }

// Runs of equal bits count once, whatever was meant to differ between them.
void mark_same(std::vector<ClaimRun>& runs) {
  std::map<std::string, std::string> first;
  for (auto& run : runs) {
    if (run.identity.empty()) continue;
    const auto [earlier, is_new] = first.emplace(run.identity, run.name);
    if (!is_new) run.same_as = earlier->second;
  }
}

HeldClaim cannot_tell(const Claim& claim, std::vector<ClaimRun> runs, const std::string& why) {
  HeldClaim held{claim, std::move(runs)};
  held.sentence = fmt::format("{}: cannot be told: {}", claim.name, why);
  return held;
}

// The runs that the ratio is of, in pairs where the law wants runs beside.
struct Chosen {
  std::vector<ClaimRun*> reseeded, beside;
};

Chosen chosen_runs(const Law& law, std::vector<ClaimRun>& runs) {
  Chosen chosen;
  for (auto& run : runs)
    if (usable(run)) (run.beside ? chosen.beside : chosen.reseeded).push_back(&run);
  if (law.beside == Varied::none) return chosen;
  const std::size_t pairs = std::min(chosen.reseeded.size(), chosen.beside.size());
  chosen.reseeded.resize(pairs);
  chosen.beside.resize(pairs);
  return chosen;
}

LawRuns predictions_of(const Chosen& chosen) {
  LawRuns runs;
  for (const auto* run : chosen.reseeded) runs.reseeded.push_back(&*run->predictions);
  for (const auto* run : chosen.beside) runs.beside.push_back(&*run->predictions);
  return runs;
}

// Runs that are done and are in no value.
void add_unused(const std::vector<ClaimRun>& others, HeldClaim& held) {
  const auto unused = std::ranges::count_if(others, [](const ClaimRun& run) {
    return run.outcome.done() && !run.stopped && run.counted_with.empty();
  });
  if (unused > 0)
    held.remarks.push_back(fmt::format(
        "{} not counted: with the bits of an earlier one, or without one of the other kind to go with it.",
        counted(static_cast<std::size_t>(unused), "run")));
}

}  // namespace

HeldClaim hold_law(const Claim& claim, std::vector<ClaimRun> runs) {
  for (const auto& run : runs)
    if (const std::string why = why_not_measured(run); !why.empty())
      return cannot_tell(claim, std::move(runs), why);
  const Law& law = pick(laws_shelf(), claim.law, "law");
  mark_same(runs);
  const Chosen chosen = chosen_runs(law, runs);
  if (chosen.reseeded.size() < 3)
    return cannot_tell(
        claim, std::move(runs),
        fmt::format("{} with bits of {} own, three at least are needed to measure how surely a law holds",
                    counted(chosen.reseeded.size(), "run"), chosen.reseeded.size() == 1 ? "its" : "their"));
  std::vector<double> values;
  std::vector<NoiseRow> rows;
  try {
    values = pseudo_values(law, predictions_of(chosen));
    rows = noise_rows(law, predictions_of(chosen));
  } catch (const Error& error) {
    return cannot_tell(claim, std::move(runs), error.what());
  }
  std::vector<ClaimRun> measured, others;
  for (std::size_t i = 0; i < values.size(); ++i) {
    chosen.reseeded[i]->values = {values[i]};
    if (!chosen.beside.empty()) chosen.beside[i]->counted_with = chosen.reseeded[i]->name;
    measured.push_back(*chosen.reseeded[i]);
  }
  for (const auto& run : runs)
    if (std::ranges::find(measured, run.name, &ClaimRun::name) == measured.end()) others.push_back(run);
  HeldClaim held = hold_metric(claim, std::move(measured));
  held.rows = rows;
  held.runs.insert(held.runs.end(), others.begin(), others.end());
  add_unused(others, held);
  const std::string source = law.source;
  held.remarks.insert(
      held.remarks.begin(),
      fmt::format("The ratio is {} ({}). The value of a run is its jackknife pseudo-value: their mean "
                  "is the ratio, their spread tells how surely it is known.",
                  law.summary, source));
  return held;
}

}  // namespace reprise
