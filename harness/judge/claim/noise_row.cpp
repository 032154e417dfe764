// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/noise_row.h"

#include <cmath>

#include "harness/judge/verdict/statistics.h"

namespace reprise {
namespace {

// From n - 1 below to n below.
double of_population(double sd, std::size_t n) {
  return sd * std::sqrt(static_cast<double>(n - 1) / static_cast<double>(n));
}

const char* words_for(Varied beside) {
  return beside == Varied::weights ? "the initial weights"
         : beside == Varied::order ? "the batch order"
                                   : "one bit of one weight";
}

}  // namespace

NoiseRow noise_row(const std::string& varied, const std::vector<const Predictions*>& runs) {
  NoiseRow row{.varied = varied, .runs = runs.size()};
  row.accuracy_sd = 100 * of_population(error_sd(runs), runs.size());
  row.disagreement = 100 * disagreement(runs);
  std::vector<double> losses;
  for (const auto* run : runs)
    if (run->loss) losses.push_back(*run->loss);
  if (losses.size() == runs.size()) row.loss_sd = of_population(sample_of(losses).sd, losses.size());
  return row;
}

std::vector<NoiseRow> noise_rows(const Law& law, const LawRuns& runs) {
  if (law.beside == Varied::none) return {};
  return {noise_row("everything", runs.reseeded), noise_row(words_for(law.beside), runs.beside)};
}

}  // namespace reprise
