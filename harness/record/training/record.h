// SPDX-License-Identifier: Apache-2.0
#pragma once
// The loop of a run. It belongs to the harness, not to the recipe: batches, digests, pins, checkpoints and
// the trace need no word from the recipe.
#include <filesystem>
#include <functional>
#include <optional>

#include "harness/plan/worker_event.h"
#include "harness/record/ranks/ranks.h"
#include "harness/record/training/program.h"

namespace reprise {

struct RunPlaces {
  std::filesystem::path trace;         // the trace's final name; it grows beside it under .partial
  std::filesystem::path checkpoints;   // folder for step-00000200.safetensors and so on
  std::filesystem::path start_file;    // read if the plan begins after a step (watch.from)
  std::filesystem::path call_file;     // where the one call that the plan wants whole is kept (watch.dump)
  std::filesystem::path predictions;   // where a classifier's predictions at its end are kept
  std::optional<RankPlace> rank = {};  // of several that train together; the pins must hold in each
};

// Imposes the plan's pins on this process and trains from the first step that the plan runs to the last.
// `tell` gets an event when it is ready, at each checkpoint, and at the end. A loss that is not a number is
// recorded, and training goes on. A pin that did not hold, or a program that does not give what it must, is
// an Error; missing data is a Skip.
void record(const Plan& plan, const Program& program, const RunPlaces& places,
            const std::function<void(const WorkerEvent&)>& tell);

}  // namespace reprise
