// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two runs of one training of which the second goes on where the first stood after some step, as one that was
// resumed from a checkpoint does: its step 1 is compared with that step and one more. What it began with is
// compared as well, so that what was not restored has a name.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"

namespace reprise {

// A part of the state that was looked at where the second run began.
struct Restored {
  Stage stage;
  // For people: "weights", "optimizer state", "modules that no optimizer has", "numbers of the optimizer's
  // groups", "loss scale", "random streams", "batches".
  std::string_view part;
  std::vector<std::string> differing;  // tensors, in the order of their names
  std::size_t compared = 0;
  // Looked at after the first step that is compared, not before it: random streams, which a script may have
  // drawn from by then, the numbers of an optimizer's groups, which a schedule may have set since, the scale
  // of the loss, and the batch of that step, which shows where the sampler stands.
  bool after_step = false;
};

struct AlignedProcess {
  std::string label;       // "rank 1"; "" where both runs have one
  std::int64_t steps = 0;  // how many steps were compared
  bool lone = false;       // one run has no such process
  std::vector<Restored> restored;
  std::optional<Divergence> first;  // `step` is the second run's
  // Numbers of an optimizer's groups that differ in that step and did not in the first one: no operator makes
  // them, so what sets them, a schedule as a rule, was not restored.
  std::optional<Restored> numbers;
  // The step of the first run after which it had the weights that the second began with, where that is not
  // the one that was asked for.
  std::optional<std::int64_t> better;
  // Tensors which one side alone was seen to have at some step: of modules that no optimizer has, which are
  // looked for at steps of a run's own count, and of weights that another optimizer has than the one that
  // stepped.
  std::vector<std::string> unseen;
  bool same() const;
};

struct Aligned {
  std::int64_t align = 0;  // the second's step k is the first's step k + align
  std::vector<AlignedProcess> processes;
  bool left_files = false;  // what the runs left is not compared
  bool same() const;
};

// What the second run did not restore, as far as a stage shows it, by the names of `Restored::part` and in
// their order; empty where every step is equal. A schedule shows as "learning rate schedule".
std::vector<std::string> not_restored(const AlignedProcess& process);

// An Error where the two do not train the same sources, and where no step of the first is left to compare.
Aligned compare_aligned(const NamedTrace& first, const NamedTrace& second, std::int64_t align);

// A few lines for people, and one document for programs: schema reprise.aligned-diff/1.
std::string to_text(const Aligned& aligned, const std::string& first, const std::string& second);
std::string to_json(const Aligned& aligned, const std::string& first, const std::string& second);

}  // namespace reprise
