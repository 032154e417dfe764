// SPDX-License-Identifier: Apache-2.0
#include "harness/search/claim/law_runs.h"

#include "harness/base/text.h"
#include "harness/judge/claim/law.h"
#include "harness/plan/set_pin.h"

namespace reprise {
namespace {

constexpr const char* weights_seed = "weights_seed";

// Whose runs can vary the initial weights and the batch order apart.
void check_sources(const Plan& base, const Claim& claim) {
  const auto found = base.parameters.find(weights_seed);
  if (found == base.parameters.end() || !std::holds_alternative<std::int64_t>(found->second))
    fail(
        "the law {} varies one source of noise alone: wanted a parameter weights_seed = -1 in the recipe {}, "
        "found none",
        claim.law, base.recipe);
  if (base.pins.at("batch-order") != "seeded")
    fail(
        "the law {} compares with runs in which everything varies: wanted the pin batch-order=seeded, found "
        "batch-order={}",
        claim.law, base.pins.at("batch-order"));
}

Run beside_run(const Plan& base, const std::string& prefix, Varied beside, std::int64_t first,
               std::int64_t i) {
  Run run{"", base, 1, {}};
  if (beside == Varied::flipped_bit) {
    run.name = fmt::format("{}flipped-after={}", prefix, i);
    run.plan.watch.injected = {"flip-bit", i};
  } else if (beside == Varied::weights) {
    run.name = fmt::format("{}weights-seed={}", prefix, first + i);
    run.plan.parameters[weights_seed] = first + i;
  } else {
    // The seed of everything, but for the weights: those stay the first seed's.
    run.name = fmt::format("{}order-seed={}", prefix, first + i);
    run.plan.parameters[weights_seed] = first;
    set_pin(run.plan, "seed", std::to_string(first + i));
  }
  check_plan(run.plan);
  return run;
}

std::string words_for(Varied beside, std::size_t count, std::int64_t first) {
  if (beside == Varied::flipped_bit)
    return fmt::format(
        "{} with seed {}, in each of which one bit of one weight is flipped after another one of the first "
        "{} steps",
        count, first, count);
  const std::string seeds = fmt::format("{} to {}", first + 1, first + static_cast<std::int64_t>(count));
  if (beside == Varied::weights)
    return fmt::format("{} with seed {} but initial weights of the seeds {}", count, first, seeds);
  return fmt::format("{} with seeds {} but initial weights of the seed {}", count, seeds, first);
}

}  // namespace

void add_beside(const Plan& base, const std::string& prefix, ClaimPlan& planned) {
  const Varied beside = pick(laws_shelf(), planned.claim.law, "law").beside;
  if (beside == Varied::none) return;
  if (beside != Varied::flipped_bit) check_sources(base, planned.claim);
  const std::int64_t first = to_integer(base.pins.at("seed")).value_or(0);
  for (std::size_t i = 1; i <= planned.seeds.size(); ++i)
    planned.runs.push_back(beside_run(base, prefix, beside, first, static_cast<std::int64_t>(i)));
  planned.sentence += "; and " + words_for(beside, planned.seeds.size(), first);
}

}  // namespace reprise
