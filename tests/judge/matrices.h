// SPDX-License-Identifier: Apache-2.0
#pragma once
// Matrices and diffs made by hand: each run is its factors' values, a class and the metric.
#include <algorithm>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/matrix/matrix.h"

namespace reprise {

struct HandRun {
  std::string name;
  std::vector<std::string> values;  // in the order of the factors
  std::size_t in_class = 0;
  double metric = 90;
  Ending ending = Ending::done;
};

struct HandMade {
  Matrix matrix;
  Diff diff;
  // Where each pair of classes parts; the default is step 1, gradients of fc1.weight.
  void parts(std::size_t a, std::size_t b, std::int64_t step, const std::string& stage,
             const std::string& tensor) {
    for (auto& divergence : diff.divergences)
      if (divergence.a == a && divergence.b == b) {
        divergence.first.step = step;
        divergence.first.stage = stage;
        divergence.first.tensor = tensor;
      }
  }
  // The same where one made fewer steps: equal as far as both go.
  void lengths(std::size_t a, std::size_t b, std::int64_t last_of_a, std::int64_t last_of_b) {
    parts(a, b, std::min(last_of_a, last_of_b), "length", "");
    for (auto& divergence : diff.divergences)
      if (divergence.a == a && divergence.b == b) divergence.first.last_steps = {last_of_a, last_of_b};
  }
};

inline const Metric accuracy{"accuracy", "%", true, 0.5};

inline HandMade hand_made(const std::vector<Factor>& factors, const std::vector<HandRun>& runs) {
  HandMade made;
  made.matrix.factors = factors;
  std::size_t classes = 0;
  for (const auto& run : runs) {
    Configuration configuration;
    configuration.name = run.name;
    for (std::size_t f = 0; f < factors.size(); ++f) {
      configuration.values[factors[f].name] = run.values.at(f);
      // Runs that differ in the repeat alone are of one plan.
      if (factors[f].name != "repeat") configuration.plan_id += run.values.at(f) + ",";
    }
    configuration.outcome.ending = run.ending;
    made.matrix.configurations.push_back(configuration);
    if (run.ending != Ending::done) continue;
    TraceSummary summary;
    summary.name = run.name;
    summary.plan_id = configuration.plan_id;
    summary.in_class = run.in_class;
    summary.chain = {run.in_class + 1, 0};
    summary.final_metrics["accuracy"] = run.metric;
    made.diff.traces.push_back(summary);
    classes = std::max(classes, run.in_class + 1);
  }
  made.diff.steps = 10;
  made.diff.classes.resize(classes);
  for (std::size_t a = 0; a < classes; ++a)
    for (std::size_t b = a + 1; b < classes; ++b) {
      ClassDivergence divergence;
      divergence.a = a;
      divergence.b = b;
      made.diff.divergences.push_back(divergence);
      made.parts(a, b, 1, "gradients", "fc1.weight");
    }
  return made;
}

}  // namespace reprise
