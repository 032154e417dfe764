// SPDX-License-Identifier: Apache-2.0
#pragma once
// A law is what a paper states of many trainings at once, as a ratio that should have a certain value: "the
// error varies over seeds as if examples erred independently". It is measured on what each run predicted for
// each example of the test set. One file in harness/judge/claim/laws is one law.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/shelf.h"
#include "harness/judge/claim/noise_floor.h"

namespace reprise {

// Of one run: the class that it gave each test example, and the class that the example has.
struct Predictions {
  std::vector<std::int64_t> predicted, label;
  std::optional<double> loss = {};  // cross-entropy on the same examples, nats, where the run reported one
};

// What runs that a law wants beside the reseeded ones differ in, all else being that of the first seed: one
// flipped bit of one weight, the initial weights alone, the batch order alone.
enum class Varied { none, flipped_bit, weights, order };

// Runs over the same examples; `beside`, where a law wants them, as many as `reseeded`.
struct LawRuns {
  std::vector<const Predictions*> reseeded, beside;
};

struct Law {
  const char* summary;  // what the ratio is of, for people: "the SD of ..., divided by ..."
  const char* source;   // the paper that states it
  Varied beside;
  // At least two runs of each kind. An Error where the ratio has no value: what it is divided by is 0.
  double (*ratio)(const LawRuns& runs);
};
Shelf<Law> laws_shelf();

// One row for each run: 1 where `errs` says that it errs. An Error for runs over other examples.
ErrorTable errors_of(const std::vector<const Predictions*>& runs,
                     bool (*errs)(std::int64_t predicted, std::int64_t label, std::int64_t classes));
// The share of test examples for which two runs predict differently, over all pairs of runs.
double disagreement(const std::vector<const Predictions*>& runs);
// The SD over runs of the share of test examples that they err on (n - 1 below).
double error_sd(const std::vector<const Predictions*>& runs);
// What `beside` varies by, divided by what `reseeded` does. An Error where the latter do not vary.
double sd_ratio(const LawRuns& runs);

// Tukey's jackknife: one value for each reseeded run, n ratio(all) - (n - 1) ratio(all but it). Their mean
// estimates the ratio, their SD / sqrt(n) its standard error, with n - 1 degrees of freedom (Miller,
// Biometrika 61, 1974). A run beside is left out with the reseeded run of its place. Wants three runs or
// more.
std::vector<double> pseudo_values(const Law& law, const LawRuns& runs);

}  // namespace reprise
