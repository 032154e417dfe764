// SPDX-License-Identifier: Apache-2.0
// Baselines, which live in git.
#include "harness/judge/baseline/baseline.h"
#include "fuzz/target.h"

namespace reprise::fuzz_targets {
namespace {

Baseline made() {
  Baseline baseline;
  baseline.recipe = "small";
  baseline.recipe_id = baseline.plan_id = std::string(32, 'a');
  baseline.hardware = {{"cpu.model", "a test"}};
  BaselineProcess process;
  process.last_step = 2;
  process.chain = process.data = std::string(32, 'b');
  for (std::int64_t step = 0; step <= 2; ++step)
    process.steps.push_back({step, std::vector<std::string>(1 + stage_names.size(), "01234567")});
  process.metrics = {{"accuracy", "96"}};
  baseline.processes = {process};
  baseline.run = "runs/one";
  baseline.earlier = {{std::string(32, 'c'), "0.0.9", "another library"}};
  return baseline;
}

std::vector<std::string> seeds() { return {to_toml(made())}; }

void read(const std::string& input) {
  const Baseline baseline = baseline_from_toml(input, "baseline.toml");
  must_hold(baseline_from_toml(to_toml(baseline), "again") == baseline,
            "a baseline is read as it was written");
}

}  // namespace

extern const FuzzTarget baseline{
    .summary = "baselines",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
