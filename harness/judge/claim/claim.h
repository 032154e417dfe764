// SPDX-License-Identifier: Apache-2.0
#pragma once
// A claim is a number or a digest that somebody published of a training, with all that is needed to hold runs
// against it: how far it may be off, fixed before the runs and with a reason, what was said of its spread,
// and where it stands. Claims are the [[claim]] tables of a recipe (docs/verify-a-paper.md) and change
// nothing of what it trains.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/toml.h"
#include "harness/base/words.h"
#include "harness/judge/claim/convergence_points.h"
#include "harness/judge/claim/numbers.h"
#include "harness/judge/claim/proof.h"
#include "harness/judge/claim/spread.h"
#include "harness/plan/recipe.h"

namespace reprise {

// metric: a number of each run. digest: bits. law: a ratio over many runs. convergence: how fast runs come to
// a quality, against MLPerf's reference convergence points. proof: segments of a training, trained again.
enum class ClaimKind { metric, digest, law, convergence, proof };
std::span<const Word<ClaimKind>> words_of(ClaimKind kind);

// What the published number is. last, best-over-evaluations: of each run, and the mean over runs; mean,
// median, best-seed: over runs.
enum class Statistic { last, best_over_evaluations, mean, median, best_seed };
std::span<const Word<Statistic>> words_of(Statistic statistic);

// Runs that somebody published with a batch size: how long each took to the quality.
struct ReferenceRuns {
  double batch = 0;
  std::vector<double> runs;  // in Claim::unit
};

struct Claim {
  std::string name;
  ClaimKind kind = ClaimKind::metric;
  std::vector<std::pair<std::string, std::string>> set;  // parameters that differ from the recipe's own
  // Where it was published: "greydanus/mnist1d @7878d96", "ICML 2024, README, table 1".
  std::string repository, paper;

  std::string law;  // its name on the shelf of law.h; the value is that of its ratio

  // Of a metric, and of a law, whose `metric` is the law's name.
  std::string metric, unit;
  bool higher_is_better = true;
  double value = 0;
  std::optional<double> spread;
  SpreadKind spread_kind = SpreadKind::unknown;  // of `spread`
  std::size_t n_seeds = 1;                       // runs that the published number is of
  Statistic statistic = Statistic::last;
  Take take = Take::last;                      // of the values that one run reports
  std::string split;                           // "test"
  std::optional<std::size_t> test_n, classes;  // examples, and classes, of that split
  double margin = 0;
  std::string margin_reason;
  std::optional<NumberPlace> place;  // of a command: where its numbers stand

  // Of a metric: the class that the published model gave each test example, from a file of one a line; "" and
  // none where they were not published.
  std::string predictions_file;
  std::vector<std::int64_t> predictions;

  // Of a convergence, whose value is the metric's that counts as reached.
  std::vector<ReferenceRuns> points;
  DeviationOf deviation = DeviationOf::rules;

  // Of a digest: the SHA-256 of what the runs leave under that name.
  std::string artifact, sha256;

  ClaimedProof proof;
};

// Whether a number is claimed, of a metric or of a law.
inline bool claims_number(const Claim& claim) {
  return claim.kind == ClaimKind::metric || claim.kind == ClaimKind::law;
}
// What the published spread may mean; none where none was published.
std::vector<SpreadReading> readings_of(const Claim& claim);
// A law whose value was derived, not measured: it is not uncertain itself.
inline bool is_formula(const Claim& claim) { return claim.kind == ClaimKind::law && claim.n_seeds == 1; }

// The claims of a recipe, in its order. What does not hold is an Error with the line.
std::vector<Claim> claims_of(const Recipe& recipe);
// An Error where the parts of a claim do not go together; `table` names the line.
void check_claim(const Claim& claim);
// The digest of all that is claimed, 32 hexadecimal digits: a margin that was changed after the runs shows.
std::string claim_id(const Claim& claim);

}  // namespace reprise
