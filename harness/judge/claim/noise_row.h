// SPDX-License-Identifier: Apache-2.0
#pragma once
// A row of Summers and Dinneen's table (ICML 2021): how much runs vary in which one source of noise, or all,
// did. Of their five metrics the three that a run's predictions and its loss tell; the correlation of logits
// and the gain of an ensemble need the logits of every test example, which no run keeps.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/claim/law.h"

namespace reprise {

struct NoiseRow {
  std::string varied = {};  // "everything", "the initial weights"
  std::size_t runs = 0;
  double accuracy_sd = 0;              // percentage points; n below, as in their code
  std::optional<double> loss_sd = {};  // nats, the same; nothing where some run reported no loss
  double disagreement = 0;             // percent of test examples, over all pairs of runs
};

// Wants two runs or more, over the same examples.
NoiseRow noise_row(const std::string& varied, const std::vector<const Predictions*>& runs);
// Of a law with runs beside: everything, then what they vary. Else none.
std::vector<NoiseRow> noise_rows(const Law& law, const LawRuns& runs);

}  // namespace reprise
