// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/class_bisecting.h"

#include <algorithm>
#include <utility>

#include "harness/base/error.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/terminal/bisect_sides.h"
#include "reports/lookup.h"

namespace reprise {
namespace {

struct Done {
  std::vector<NamedTrace> traces;
  std::vector<std::size_t> of;  // for each trace, which configuration it is of
};

Done done_runs(const Matrix& matrix) {
  Done done;
  for (std::size_t i = 0; i < matrix.configurations.size(); ++i) {
    const auto& configuration = matrix.configurations[i];
    if (!configuration.outcome.done()) continue;
    try {
      const RunTraces run = read_run(configuration.folder);
      done.traces.push_back({configuration.name, run.processes.front().trace, run});
      done.of.push_back(i);
    } catch (const Error&) {
      continue;  // the report says that it lost its trace
    }
  }
  return done;
}

std::size_t factors_apart(const Matrix& matrix, std::size_t a, std::size_t b) {
  const auto &left = matrix.configurations[a].values, &right = matrix.configurations[b].values;
  std::size_t apart = 0;
  for (const auto& [name, value] : left) {
    const auto other = right.find(name);
    apart += other == right.end() || other->second != value ? 1 : 0;
  }
  return apart;
}

// One configuration of each class: two that differ in as few factors as can be.
std::pair<std::size_t, std::size_t> nearest_pair(const Matrix& matrix, const Diff& diff, const Done& done,
                                                 const ClassDivergence& divergence) {
  std::pair<std::size_t, std::size_t> best;
  std::size_t fewest = SIZE_MAX;
  for (const auto i : diff.classes[divergence.a].members)
    for (const auto j : diff.classes[divergence.b].members) {
      const std::size_t apart = factors_apart(matrix, done.of[i], done.of[j]);
      if (apart < fewest) best = {done.of[i], done.of[j]};
      fewest = std::min(fewest, apart);
    }
  return best;
}

// Where runs of one plan part, nothing else is worth more; then what parts from the first class.
std::vector<const ClassDivergence*> worth_bisecting(const Diff& diff) {
  std::vector<const ClassDivergence*> chosen;
  for (const bool repeats : {true, false})
    for (const auto& divergence : diff.divergences)
      if (holds_one_plan_twice(diff, divergence) == repeats && (repeats || divergence.a == 0))
        chosen.push_back(&divergence);
  return chosen;
}

Side side_of(const Configuration& configuration, Run run) {
  run.name = configuration.name;
  run.plan = without_closer_look(run.plan);
  return {configuration.name, run, configuration.folder};
}

Bisection bisected(const Side& a, const Side& b, const LaunchOptions& options) {
  try {
    return bisect(a, b, {}, options);
  } catch (const Error& error) {
    Bisection untested;
    untested.side_a = a.name;
    untested.side_b = b.name;
    untested.sentence = std::string("no bisection could be made: ") + error.what();
    return untested;
  }
}

std::size_t most_of(Bisecting how) {
  switch (how) {
    case Bisecting::off:
      return 0;
    case Bisecting::first:
      return 1;
    case Bisecting::few:
      return most_bisections;
    case Bisecting::all:
      break;
  }
  return SIZE_MAX;
}

std::string why_left_out(Bisecting how) {
  if (how == Bisecting::first) return "--bisect first takes the first pair alone, --bisect all takes each";
  return fmt::format("--bisect takes {} pairs at most, --bisect all takes each", most_bisections);
}

}  // namespace

ClassBisections bisect_classes(const Matrix& matrix, const std::vector<Run>& runs,
                               const LaunchOptions& options, Bisecting how,
                               const std::function<std::string()>& why_stop) {
  ClassBisections found;
  if (how == Bisecting::off) return found;
  const Done done = done_runs(matrix);
  if (done.traces.size() < 2) return found;
  const Diff diff = compare(done.traces);
  std::string why;
  for (const ClassDivergence* divergence : worth_bisecting(diff)) {
    if (why.empty()) why = found.made.size() >= most_of(how) ? why_left_out(how) : why_stop();
    if (!why.empty()) {
      found.left_out.push_back(fmt::format("{} and {} were not bisected: {}.",
                                           diff.classes[divergence->a].letter,
                                           diff.classes[divergence->b].letter, why));
      continue;
    }
    const auto [a, b] = nearest_pair(matrix, diff, done, *divergence);
    found.made.push_back(bisected(side_of(matrix.configurations[a], runs[a]),
                                  side_of(matrix.configurations[b], runs[b]), options));
  }
  return found;
}

}  // namespace reprise
