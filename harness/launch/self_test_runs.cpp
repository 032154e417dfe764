// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/self_test_runs.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr std::int64_t most_steps = 3, sown_at = 2;

// The plan as it is, but short and without a closer look.
Plan short_plan(const Plan& plan) {
  Plan brief = plan;
  brief.resume_at = 0;
  brief.watch = Watch{};
  brief.watch.keep = "none";
  brief.watch.fresh = plan.watch.fresh;
  brief.watch.checkpoint_every = plan.watch.checkpoint_every;
  brief.watch.until = plan.command ? most_steps : std::min(most_steps, plan.steps);
  return brief;
}

Plan with_another_seed(Plan plan) {
  const auto seed = to_integer(plan.pins.at("seed"));
  check(seed.has_value(), "a plan's seed is a whole number");
  plan.pins["seed"] = std::to_string(*seed == 1 ? 2 : 1);
  return plan;
}

}  // namespace

std::vector<Run> self_test_runs(const Plan& plan, const std::filesystem::path& order_file) {
  const Plan clean = short_plan(plan);
  const std::int64_t step = plan.command ? sown_at : std::min(sown_at, plan.steps);
  std::vector<Run> runs;
  const auto add = [&](const std::string& name, const Plan& what, int repeat = 1) {
    runs.push_back({name, what, repeat, order_file});
  };
  add("clean", clean);
  add("again", clean, 2);
  for (const std::string fault : {"flip-bit", "swap-samples"}) {
    if (plan.command && fault == "swap-samples") continue;  // its batches are its own
    Plan sown = clean;
    sown.watch.sown = Sown{fault, step};
    add(fault, sown);
  }
  // A script may well seed anew, and then must not move.
  if (!plan.command) add("change-seed", with_another_seed(clean));
  Plan watched = clean;
  watched.watch.ops.first = 0;
  watched.watch.ops.last = clean.watch.until;
  add("watched", watched);
  if (plan.command) return runs;
  Plan resumed = clean;
  resumed.resume_at = step;
  add("resumed", resumed);
  return runs;
}

}  // namespace reprise
