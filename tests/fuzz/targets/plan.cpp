// SPDX-License-Identifier: Apache-2.0
// Plans: what is read is written again to the same text.
#include "harness/plan/plan.h"
#include "fuzz/target.h"
#include "plan/sample_plan.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  Plan watched = sample_plan();
  watched.watch.ops.first = 3;
  watched.watch.ops.last = 5;
  Plan command = bare_plan("", {});
  command.program.clear();
  command.command = CommandLine{{"python", "train.py"}, Seeding::imposed, {}, ""};
  command.steps = command.batch = command.samples = 0;
  return {to_toml(sample_plan()), to_toml(watched), to_toml(command)};
}

void read(const std::string& input) {
  const Plan plan = plan_from_toml(input, "plan.toml");
  const std::string text = to_toml(plan);
  must_hold(to_toml(plan_from_toml(text, "again")) == text, "a plan that was read is written and read again");
}

}  // namespace

extern const FuzzTarget plan{
    .summary = "plans",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
