// SPDX-License-Identifier: Apache-2.0
// A worker killed at any moment leaves a trace that opens without repair and has lost no committed step.
#include <fmt/core.h>

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/base/philox.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/launch/launch.h"
#include "harness/plan/environment.h"
#include "harness/plan/recipe.h"
#include "harness/trace/trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;

namespace {

// The last step that the worker's log names as a checkpoint, and so as committed; -1 if none.
std::int64_t last_told(const std::string& log) {
  std::int64_t last = -1;
  for (const auto& line : split(log, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() > 3 && words[0] == "step" && words[2] == "of")
      last = to_integer(words[1]).value_or(last);
  }
  return last;
}

}  // namespace

TEST_CASE("fifty workers killed at fifty moments: every trace opens, no committed step is lost") {
  const Recipe recipe = read_recipe(REPRISE_SOURCE "/recipes/waves.toml");
  const Plan plan = plan_of(
      recipe, {{{"steps", "3000"}, {"checkpoint-every", "7"}, {"model", "linear"}, {"keep", "none"}}, {}});
  Scratch folder;
  write_atomically(folder / "plan.toml", to_toml(plan));
  const Philox draws{2026, Stream::sampler, 0};
  std::size_t with_steps = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto trace = folder / fmt::format("{}.h5", i), log = folder / fmt::format("{}.txt", i);
    Process worker({{REPRISE_BIN "/reprise-worker", (folder / "plan.toml").string(), trace.string()},
                    run_environment(plan),
                    log,
                    {}},
                   {});
    // Until the worker has told of a number of checkpoints that differs each time, and then some work more.
    const std::int64_t wanted = draws.bits32(2 * i) % 600;
    while (!worker.poll() && last_told(content_of(log)) < wanted) {
    }
    volatile std::uint32_t spins = draws.bits32(2 * i + 1) % 4000000;
    while (spins > 0) spins = spins - 1;
    worker.kill();
    const std::int64_t told = last_told(content_of(log));
    auto left = trace;
    if (!std::filesystem::exists(left)) left += ".partial";
    INFO(i << ": told " << told << ", " << left);
    if (told < 0 && !std::filesystem::exists(left)) continue;  // killed before there was a trace
    const Trace opened(left);
    CHECK(opened.last_step() >= told);
    // Every committed row is whole: its chain follows from the one before and its own root.
    for (std::int64_t step = 1; step <= opened.last_step(); ++step)
      REQUIRE(opened.chain(step) ==
              chain_next(static_cast<std::uint64_t>(step), opened.chain(step - 1), opened.root(step)));
    with_steps += told > 0 ? 1 : 0;
  }
  CHECK(with_steps >= 40);
}
