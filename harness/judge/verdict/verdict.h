// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a diff means for each promise. Never one word for two questions: whether the bits are equal and
// whether the declared metric is equivalent are answered apart. With one distinct run a side a broken numeric
// promise is inconclusive and says what is needed; no hopeful word.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/matrix/matrix.h"

namespace reprise {

enum class Finding { identical, identical_until, equivalent, different, inconclusive, untested, as_meant };
std::string_view to_text(Finding finding);  // "identical", "identical until", ..., "as meant"

// One value of a factor against the factor's first value.
struct ValueVerdict {
  std::string value;
  Finding finding;
  std::optional<std::int64_t> step;  // where the bits part, earliest over the pairs compared
  std::string sentence;              // "moved the bits at step 1 (gradients, fc2.weight); 1 run a side, ..."
  // What parts there: where it is not bits, `step` is the last that both made, and equal.
  Parting parting = Parting::bits;
};

// How far two runs of one plan were seen to agree, besides the runs that are judged: the self-test has two
// short ones of the baseline.
struct RepeatEvidence {
  std::int64_t agree_to = -1;  // a step; -1: nothing was repeated
  bool part = false;           // they gave other bits
};

struct FactorVerdict {
  Factor factor;
  bool moved = false;  // some value moved the bits in some pair that differs in this factor alone
  // Whether it is this factor that moved them: runs that differ in it differ, and runs of one plan were seen
  // to agree as far. False: the training may do so by itself.
  bool shown = true;
  Finding finding;   // of the worst value
  bool kept = true;  // the promise is kept as far as is known (untested and inconclusive: see finding)
  Parting parting = Parting::bits;  // of the values that moved something: bits if one moved them
  std::string found;                // "did not move the bits", "2 moved them at step 1"
  std::vector<ValueVerdict> values;
};

struct Verdict {
  std::vector<FactorVerdict> factors;
  // The fewest factors whose values alone decide the class of every tested configuration; several sets if
  // tied. Empty if there is one class. `explained` is false where no set does (a run that does not repeat).
  std::vector<std::vector<std::string>> explaining_sets;
  bool explained = true;
  std::size_t tested = 0, untested = 0, failed = 0;  // configurations; failed ones are among the untested
  bool repeats_part = false;                         // short runs of one plan were seen to differ
  int exit_code = 0;                                 // 0 same, 1 different, 2 trouble
  // Where runs of different classes did not start alike: "The runs did not start alike: last.pt was not there
  // for baseline, which wrote it; the others read it."
  std::string starts = {};
  std::string headline;  // "The bits move with threads and isa, and with nothing else that was tried."
};

// `diff` compares the configurations of `matrix` that are done, in their order and under their names;
// `traces` are what it compared. With these, equal bits under values that nothing read are no evidence.
// `repeats`: what else is known of whether the training repeats; any two of the runs that have equal bits
// show that it does.
Verdict judge(const Diff& diff, const Matrix& matrix, const std::optional<Metric>& metric,
              const std::vector<NamedTrace>& traces = {}, const RepeatEvidence& repeats = {});

}  // namespace reprise
