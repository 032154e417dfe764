// SPDX-License-Identifier: Apache-2.0
#include "harness/search/self_testing.h"

#include "harness/base/error.h"
#include "harness/launch/self_test_runs.h"

namespace reprise {

namespace {

std::vector<Configuration> run_short(std::vector<Run> runs, const LaunchOptions& options) {
  std::vector<std::string> names;
  for (auto& run : runs) {
    names.push_back(run.name);
    run.name = "self-test " + run.name;
  }
  const auto results = launch(runs, options);
  std::vector<Configuration> configurations;
  for (std::size_t i = 0; i < runs.size(); ++i)
    configurations.push_back({names[i], {}, plan_id(runs[i].plan), results[i].folder, results[i].outcome});
  return configurations;
}

// More runs of the kinds that must be equal to the clean ones and were not.
std::vector<Run> more_runs(const std::vector<Run>& runs, const SelfTest& test) {
  std::vector<Run> more;
  for (const auto& row : test.rows) {
    if (row.result != Caught::escaped || (row.name != "watched" && row.name != "resumed")) continue;
    for (const auto& run : runs) {
      if (run.name == "again" && more.empty())
        for (const int repeat : {3, 4, 5})
          more.push_back({fmt::format("clean {}", repeat), run.plan, repeat});
      if (run.name == row.name)
        for (const int repeat : {2, 3, 4})
          more.push_back({fmt::format("{} {}", run.name, repeat), run.plan, repeat});
    }
  }
  return more;
}

}  // namespace

std::vector<Configuration> run_self_test(const Plan& plan, const LaunchOptions& options) {
  const auto runs = self_test_runs(plan);
  auto configurations = run_short(runs, options);
  const auto test = self_test_of(configurations);
  if (!test) return configurations;
  for (auto& configuration : run_short(more_runs(runs, *test), options))
    configurations.push_back(std::move(configuration));
  return configurations;
}

std::optional<SelfTest> self_test_of(const std::vector<Configuration>& runs,
                                     const std::optional<Divergence>& unrepeated) {
  std::vector<ShortRun> short_runs;
  for (const auto& run : runs) {
    ShortRun one{run.name, std::nullopt, run.outcome.reason};
    try {
      if (run.outcome.done()) {
        one.run = read_run(run.folder);
        one.trace = one.run->processes.front().trace;
      }
    } catch (const Error& error) {
      one.reason = error.what();
    }
    short_runs.push_back(one);
  }
  if (short_runs.empty()) return std::nullopt;
  return judge_self_test(short_runs, unrepeated);
}

}  // namespace reprise
