// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way down from "these two traces differ" to the first step, stage, tensor and leaf, reading as little as
// it can.
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

#include "harness/judge/compare/diff.h"

namespace reprise {

// The first step, up to `last`, at which the chains differ, by bisection: chains that are equal at t are
// equal at every step before. Nothing if they agree up to `last`.
std::optional<std::int64_t> first_difference(const Trace& a, const Trace& b, std::int64_t last);

// The description of the first difference at `step`, which first_difference() found.
Divergence divergence_at(const Trace& a, const Trace& b, std::int64_t step, std::int64_t last);

// The first difference, up to `last`, in what is trained: data before step 1, then gradients, weights,
// optimizer and auxiliary state. Of other stages only where random streams part is told. Nothing if there is
// none.
std::optional<Divergence> training_divergence(const Trace& a, const Trace& b, std::int64_t last);

// Whether all that decides the next step was the same after `step`: random streams, weights, optimizer and
// auxiliary state. Both traces have that step.
bool same_state(const Trace& a, const Trace& b, std::int64_t step);

// The checkpoints that a run kept, RUN/checkpoints/step-N.safetensors, by step.
std::map<std::int64_t, std::filesystem::path> kept_checkpoints(const std::filesystem::path& run_folder);

// How far apart the tensors of the last checkpoint are that both runs kept
// (RUN/checkpoints/step-N.safetensors beside the trace); nothing if there is none in common. A damaged
// checkpoint is an Error.
std::optional<CheckpointDistance> checkpoint_distance(const Trace& a, const Trace& b);

}  // namespace reprise
