// SPDX-License-Identifier: Apache-2.0
#include "harness/search/growing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/judge/compare/run_divergence.h"
#include "harness/trace/value_file.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t control = 2;  // among the three runs: side A, side B, the control

Growth untested(const std::string& reason) {
  Growth found;
  found.sentence = "Whether this is rounding or another computation is untested: " + reason + ".";
  return found;
}

Run run_of(const Side& side, const ValueWindow& values, const std::string& name, int repeat) {
  Run run = side.run;
  run.name = name;
  run.repeat = repeat;
  run.plan.resume_at = side.run.plan.resume_at <= values.last ? side.run.plan.resume_at : 0;
  run.plan.watch.keep = Keep::none;
  run.plan.watch.until = values.last;
  run.plan.watch.values = values;
  return run;
}

std::vector<Run> three_runs(const Sides& sides, const ValueWindow& values) {
  const bool one_plan = plan_id(sides[0]->run.plan) == plan_id(sides[1]->run.plan);
  ValueWindow moved = values;
  moved.nudged = values.first;
  return {run_of(*sides[0], values, sides[0]->name + ", values", 1),
          run_of(*sides[1], values, sides[1]->name + ", values", one_plan ? 2 : 1),
          run_of(*sides[0], moved, sides[0]->name + ", each weight moved by one ULP", 1)};
}

double relative(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return unknown_distance;
  if (a == b) return 0;
  return a == 0 ? INFINITY : std::abs(a - b) / std::abs(a);
}

// The distance of two of the three runs at each step that both have.
std::vector<ApartAt> distances(const Trace& a, const Trace& b, std::int64_t first, std::int64_t last) {
  std::vector<ApartAt> apart;
  for (std::int64_t step = first; step <= last; ++step) {
    ApartAt at = apart_at(a.path().parent_path(), b.path().parent_path(), step);
    at.loss = relative(value_of(a.loss(step)), value_of(b.loss(step)));
    apart.push_back(at);
  }
  return apart;
}

}  // namespace

Growth grow(const Sides& sides, std::int64_t step, const LaunchOptions& options) {
  ValueWindow values;
  values.first = std::max<std::int64_t>(1, step);
  values.last = values.first + steps_of_growth - 1;
  for (const Side* side : sides) values.last = std::min(values.last, last_step_of(side->run.plan));
  if (values.last < values.first) return untested("the runs end before it shows");
  const std::vector<Run> runs = three_runs(sides, values);
  const auto results = launch(runs, options);
  for (std::size_t i = 0; i < results.size(); ++i)
    if (!results[i].outcome.done())
      return untested(fmt::format("{} does not run here ({})", runs[i].name, results[i].outcome.reason));
  std::vector<Trace> traces;
  for (std::size_t i = 0; i < results.size(); ++i)
    traces.push_back(trace_of(*sides[i == 1 ? 1 : 0], results[i].folder));
  std::int64_t last = values.last;  // a command may end before
  for (const auto& trace : traces) last = std::min(last, trace.last_step());
  if (last < values.first) return untested("the runs end before it shows");
  for (const auto& trace : traces)
    if (!fs::exists(value_file(trace.path().parent_path(), values.first)))
      return untested("no values of weights could be kept");
  Growth found = growth_of(distances(traces[0], traces[1], values.first, last),
                           distances(traces[0], traces[control], values.first, last), values.first);
  found.streams = streams_apart(traces[0].path().parent_path(), traces[1].path().parent_path(), values.first);
  found.numbers = numbers_apart(traces[0].path().parent_path(), traces[1].path().parent_path(), values.first);
  return found;
}

}  // namespace reprise
