// SPDX-License-Identifier: Apache-2.0
#pragma once
// The loop of a run. It belongs to the harness, not to the recipe: batches, digests, pins, checkpoints and
// the trace need no word from the recipe.
#include <filesystem>
#include <functional>
#include <string>

#include "harness/record/training/program.h"

namespace reprise {

struct RunPlaces {
  std::filesystem::path trace;        // the trace's final name; it grows beside it under .partial
  std::filesystem::path order_file;   // read if the plan's batch order is "file"
  std::filesystem::path checkpoints;  // folder for step-00000200.safetensors and so on
  std::filesystem::path start_file;   // read if the plan begins after a step (watch.from)
  std::filesystem::path call_file;    // where the one call that the plan wants whole is kept (watch.dump)
};

// Imposes the plan's pins on this process and trains from the first step that the plan runs to the last.
// `tell` gets one line at each checkpoint, "step 100 of 200, loss 0.4412", and one at the end, "steps 1 to
// 200 took a median of 1.21 ms". A line "note: ..." is what a reader of the trace must know beside it. A loss
// that is not a number is recorded, and training goes on. A pin that did not hold, or a program that does not
// give what it must, is an Error; missing data is a Skip.
void record(const Plan& plan, const Program& program, const RunPlaces& places,
            const std::function<void(const std::string& line)>& tell);

}  // namespace reprise
