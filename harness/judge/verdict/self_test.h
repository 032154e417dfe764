// SPDX-License-Identifier: Apache-2.0
#pragma once
// The test of the tool on the user's own recipe: short runs with one injected fault each, which a diff must
// find at the right step and stage; one run that is watched, which must be equal; one that is ended, begun
// anew from what is digested and goes on, which must be equal too, or something that decides the training is
// left out of the digest. A report whose self-test let a fault escape is void.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"

namespace reprise {

inline constexpr std::int64_t self_test_steps = 3;  // of each short run, or all of the plan's if fewer
inline constexpr std::int64_t self_test_step = 2;   // where faults are injected (1 if the plan has one step)

// The short runs, by name: "clean", "again" (the same plan once more), one for each fault by its name,
// "watched" (every operator traced), "resumed". More runs of one kind have a number behind:
// "clean 3", "watched 2".
struct ShortRun {
  std::string name;
  std::optional<Trace> trace;  // nothing: it could not be run
  std::string reason;          // why not
  // All its processes; nothing: that trace alone.
  std::optional<RunTraces> run = {};
};

enum class Caught {
  caught,   // found where it was injected; for watched and resumed: equal, as expected
  escaped,  // not found, or at another place; for watched and resumed: not equal
  masked,   // the recipe does not repeat itself, so nothing can be told
  untested  // the run could not be made
};

struct SelfTestRow {
  std::string name;      // of the short run
  std::string injected;  // "one bit of one weight flipped after step 2"
  std::string wanted;    // "step 2, weights"
  std::string found;     // "step 2, weights, fc1.weight"
  Caught result = Caught::untested;
  std::string sentence;  // all of it in a sentence
};

struct SelfTest {
  std::vector<SelfTestRow> rows;  // without clean and again
  bool is_void = false;           // some fault escaped: no verdict of this report can be believed
  RepeatEvidence repeats;         // of the short runs without a fault
  std::string sentence;           // "self-test: 3 of 3 injected faults found"
};

// `unrepeated`: where two whole runs of the tested plan were seen to part. What such a run shows before that
// or elsewhere may be its own noise, although two short runs agreed by chance. An Error if there is no run
// called clean.
SelfTest judge_self_test(const std::vector<ShortRun>& runs,
                         const std::optional<Divergence>& unrepeated = std::nullopt);

// Where two runs of one plan part first, of those that `matrix` has of its baseline's; nothing if none do.
std::optional<Divergence> unrepeated_in(const Diff& diff, const Matrix& matrix);

}  // namespace reprise
