// SPDX-License-Identifier: Apache-2.0
#pragma once
// A claim held against runs of ours: does the number stand, do the bits? The number stands only where the 90
// % interval of the difference lies within the margin under every reading of what was published, it does not
// only where that interval lies wholly beyond the margin; anything else cannot be told, and says what would
// be needed. Runs with equal bits count once, and one run that failed or gave no finite number withholds the
// verdict: whether training comes to its end is part of what is claimed.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/claim/claim.h"
#include "harness/judge/claim/law.h"
#include "harness/judge/claim/noise_row.h"
#include "harness/judge/verdict/verdict.h"

namespace reprise {

// One run that was started, whatever became of it.
struct ClaimRun {
  std::string name, seed, folder;  // "seed=3"
  Outcome outcome = {};
  bool reused = false;
  bool stopped = false;             // not its fault: the time budget was used up, or it was interrupted
  std::string identity = {};        // equal exactly if the run computed equal bits; "": not known
  std::string weights = {};         // equal exactly if the trainings ended with equal weights; "": not known
  std::vector<double> values = {};  // that it reported, in order
  std::string trouble = {};         // why it has no number, or nothing that was claimed
  std::string artifact = {};        // the SHA-256 of what a digest claim names
  std::string where = {};           // "Intel Xeon ..., avx512, 2 threads"
  // What it predicted for each test example, of a classifier that kept it; else why there is none.
  std::optional<Predictions> predictions = {};
  std::string no_predictions = {};
  bool beside = false;  // of the second kind that a law wants: one bit flipped, one source of noise alone

  std::optional<double> value = {};  // made by holding: of the statistic within the run
  std::string same_as = {};          // the earlier run whose bits it has: it does not count
  std::string counted_with = {};     // the run whose value holds its part too, of a law
  bool counts() const { return value && same_as.empty(); }
};

struct HeldReading {
  SpreadReading reading;  // its name is "" where no spread was published
  EquivalenceTest test;
  Interval predicted;  // 95 %, of our number
};

// A run beside the published model, example by example (McNemar).
struct PairedRun {
  std::string run;                                // its name
  std::size_t ours_alone = 0, theirs_alone = 0;   // test examples that one of the two alone has right
  double chi_squared = 0, p = 1, adjusted_p = 1;  // the last over all runs (Holm)
};

// Two of our runs, example by example; no published prediction is needed for it.
struct RunPair {
  std::string first, second;                      // their names
  std::size_t first_alone = 0, second_alone = 0;  // test examples that one of the two alone has right
  double p = 1, adjusted_p = 1;                   // McNemar; the last over all pairs (Holm)
};

// How much an accuracy over the test set must vary, in percent; what is not known of it is missing.
struct NoiseFloor {
  double binomial = 0;                     // at most about this, of models that err at random
  std::optional<double> calibrated = {};   // at least this, where the models are calibrated
  std::optional<double> independent = {};  // if examples erred independently, by our runs' predictions
};

// Of a claim about convergence: the reference at the batch that ran, and what was found.
struct HeldConvergence {
  ConvergencePoint reference;
  ConvergenceVerdict verdict;
};

enum class ClaimAnswer { stands, does_not_stand, cannot_tell };
std::string_view to_text(ClaimAnswer answer);  // "stands", "does not stand", "cannot be told"
int exit_code_of(ClaimAnswer answer);          // 0, 1, 2

struct HeldClaim {
  Claim claim;
  std::vector<ClaimRun> runs;
  ClaimAnswer answer = ClaimAnswer::cannot_tell;
  Finding finding = Finding::untested;  // in the words of other verdicts
  std::string sentence = {};            // the verdict
  std::vector<std::string> remarks = {};
  std::string plan = {};  // what was said before the runs: how many, and why

  Sample ours = {};           // of the runs that count
  std::size_t trainings = 0;  // weights that runs which count ended with; 0 where that is not known of all
  double our_value = 0;       // of the statistic: their mean, their median, what the best of n_seeds would be
  std::vector<HeldReading> readings = {};
  double p = 1, adjusted_p = 1;            // of what is said, and with all claims of the recipe in view
  std::optional<std::size_t> needed = {};  // runs that would tell, if the difference stays as it is
  bool too_imprecise = false;              // no number of runs can show that it stands
  std::vector<PairedRun> pairs = {};       // where published predictions are at hand
  std::vector<RunPair> own_pairs = {};     // of our runs, where each kept its predictions
  std::optional<NoiseFloor> floor = {};
  std::optional<HeldConvergence> convergence = {};
  std::vector<RepeatedSegment> segments = {};  // of a proof
  std::vector<NoiseRow> rows = {};             // of a law with runs beside
  std::optional<Interval> bootstrap = {};      // 90 %, of the difference, resampling our runs
};

HeldClaim hold_metric(const Claim& claim, std::vector<ClaimRun> runs);
// Over the predictions of all runs: the value of a run is its jackknife pseudo-value (law.h).
HeldClaim hold_law(const Claim& claim, std::vector<ClaimRun> runs);
// The value of a run is how long it took to the target, infinite where it never came there; `batch`: samples
// a step of our runs.
HeldClaim hold_convergence(const Claim& claim, std::vector<ClaimRun> runs, double batch);
// Pairs each run that counts with the published predictions, where a claim has some.
void pair_by_example(HeldClaim& held);
// Pairs the runs that count with one another, where all of them kept what they predicted.
void pair_runs(HeldClaim& held);
// `segments`: those that were trained again; `all`: how many the run has.
HeldClaim hold_proof(const Claim& claim, std::vector<ClaimRun> runs, std::vector<RepeatedSegment> segments,
                     std::size_t all);
HeldClaim hold_digest(const Claim& claim, std::vector<ClaimRun> runs);
// Holm over the claims about metrics: several verdicts at once are more often wrong than one. What does not
// bear it cannot be told.
void adjust(std::vector<HeldClaim>& claims);
// 1 if some claim does not stand, else 2 if some cannot be told, else 0.
int exit_code_of(const std::vector<HeldClaim>& claims);

// How far the published number and ours may be apart by chance, with `n` runs of ours that vary by `sd`.
struct Uncertainty {
  double standard_error = 0, df = 1;
};
Uncertainty uncertainty(const Claim& claim, const std::optional<double>& published_sd, double sd,
                        std::size_t n);

}  // namespace reprise
