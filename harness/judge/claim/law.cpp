// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/law.h"

#include <algorithm>
#include <numeric>

#include "harness/base/error.h"
#include "harness/judge/verdict/statistics.h"

namespace reprise {
namespace {

// Of runs over one test set.
void check_examples(const std::vector<const Predictions*>& runs) {
  for (const auto* run : runs)
    if (run->label != runs.front()->label || run->predicted.size() != run->label.size())
      fail(
          "wanted predictions of every run for the same test examples, found other labels or another number "
          "of them");
}

LawRuns without(const LawRuns& runs, std::size_t place) {
  LawRuns rest = runs;
  const auto at = static_cast<std::ptrdiff_t>(place);
  rest.reseeded.erase(rest.reseeded.begin() + at);
  if (!rest.beside.empty()) rest.beside.erase(rest.beside.begin() + at);
  return rest;
}

}  // namespace

ErrorTable errors_of(const std::vector<const Predictions*>& runs,
                     bool (*errs)(std::int64_t predicted, std::int64_t label, std::int64_t classes)) {
  check_examples(runs);
  std::int64_t classes = 1;
  for (const auto label : runs.front()->label) classes = std::max(classes, label + 1);
  ErrorTable errors;
  for (const auto* run : runs) {
    auto& row = errors.emplace_back();
    for (std::size_t i = 0; i < run->label.size(); ++i)
      row.push_back(errs(run->predicted[i], run->label[i], classes) ? 1 : 0);
  }
  return errors;
}

double disagreement(const std::vector<const Predictions*>& runs) {
  check_examples(runs);
  std::size_t differing = 0, compared = 0;
  for (std::size_t a = 0; a < runs.size(); ++a)
    for (std::size_t b = a + 1; b < runs.size(); ++b) {
      const auto &one = runs[a]->predicted, &other = runs[b]->predicted;
      for (std::size_t i = 0; i < one.size(); ++i) differing += one[i] != other[i] ? 1 : 0;
      compared += one.size();
    }
  return compared == 0 ? 0 : static_cast<double>(differing) / static_cast<double>(compared);
}

double error_sd(const std::vector<const Predictions*>& runs) {
  std::vector<double> errors;
  for (const auto& row : errors_of(
           runs, [](std::int64_t predicted, std::int64_t label, std::int64_t) { return predicted != label; }))
    errors.push_back(std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size()));
  return sample_of(errors).sd;
}

double sd_ratio(const LawRuns& runs) {
  const double all = error_sd(runs.reseeded);
  if (!(all > 0)) fail("runs with other seeds err on the same number of test examples, every one of them");
  return error_sd(runs.beside) / all;
}

std::vector<double> pseudo_values(const Law& law, const LawRuns& runs) {
  const std::size_t count = runs.reseeded.size();
  if (count < 3) fail("wanted three runs or more to measure how surely a law holds, found {}", count);
  if (law.beside != Varied::none && runs.beside.size() != count)
    fail("wanted as many runs beside as reseeded ones, found {} and {}", runs.beside.size(), count);
  check_examples(runs.reseeded);
  const double n = static_cast<double>(count), all = law.ratio(runs);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(n * all - (n - 1) * law.ratio(without(runs, i)));
  return values;
}

}  // namespace reprise
