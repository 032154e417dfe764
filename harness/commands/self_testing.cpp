// SPDX-License-Identifier: Apache-2.0
#include "harness/commands/self_testing.h"

#include "harness/base/error.h"
#include "harness/launch/self_test_runs.h"

namespace reprise {

std::vector<Configuration> run_self_test(const Plan& plan, const std::filesystem::path& order_file,
                                         const LaunchOptions& options) {
  auto runs = self_test_runs(plan, order_file);
  for (auto& run : runs) run.name = "self-test " + run.name;
  const auto results = launch(runs, options);
  const auto names = self_test_runs(plan, order_file);
  std::vector<Configuration> configurations;
  for (std::size_t i = 0; i < runs.size(); ++i)
    configurations.push_back(
        {names[i].name, {}, plan_id(runs[i].plan), results[i].folder, results[i].outcome});
  return configurations;
}

std::optional<SelfTest> self_test_of(const std::vector<Configuration>& runs) {
  std::vector<ShortRun> short_runs;
  for (const auto& run : runs) {
    ShortRun one{run.name, std::nullopt, run.outcome.reason};
    try {
      if (run.outcome.done()) one.trace.emplace(run.folder);
    } catch (const Error& error) {
      one.reason = error.what();
    }
    short_runs.push_back(one);
  }
  if (short_runs.empty()) return std::nullopt;
  return judge_self_test(short_runs);
}

}  // namespace reprise
