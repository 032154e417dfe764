// SPDX-License-Identifier: Apache-2.0
#pragma once
// What two runs on two GPUs should have in common, told beforehand from the GPUs alone, and whether it came
// true. Pure functions: a prediction needs no run, and its check no GPU.
#include <cstdint>
#include <optional>
#include <string>

#include "harness/judge/compare/diff.h"
#include "probes/streams/grid_rule.h"

namespace reprise {

struct GpuModel {
  std::string name;  // "NVIDIA H100 80GB HBM3"
  std::string uuid;
  int major = 0, minor = 0;  // compute capability
  int processors = 0;        // streaming multiprocessors
  int threads_per_processor = 0;
};

// As a trace's facts tell it; nothing for a run on the CPU, or where the facts do not say.
std::optional<GpuModel> gpu_model_of(const Facts& facts);

// How many numbers a card draws at once (probes/streams/grid_rule.h).
std::int64_t drawn_at_once(const GpuModel& card);

// Random numbers of a plan: drawn on the device (pin rng=device) or by the harness, and the largest single
// draw (0: not known yet).
struct RandomUse {
  bool on_device = false;
  std::int64_t largest_draw = 0;
};

enum class Draws { equal, differ, unknown };

struct GpuPrediction {
  bool null_test = false;  // equal architecture and processors: no bit is to differ, to the end
  Draws draws = Draws::equal;
  std::string sentence;  // what is expected and why
};

// One side may be the CPU (nothing); both are not.
GpuPrediction predict(const std::optional<GpuModel>& a, const std::optional<GpuModel>& b,
                      const RandomUse& use);

// The prediction held against what was found. `split` is where the two part; nothing if they do not.
struct GpuOutcome {
  std::optional<bool> came_true;  // nothing: nothing was predicted
  std::string sentence;           // the prediction and what came of it
};
GpuOutcome outcome_of(const GpuPrediction& prediction, const ClassDivergence* divergence);

// The predictions for every two runs of a diff that differ in the device alone and did not run on one card,
// each pair of devices once, in the order of the runs.
struct GpuPair {
  std::size_t a = 0, b = 0;  // traces
  GpuPrediction prediction;
  GpuOutcome outcome;
};
std::vector<GpuPair> gpu_pairs(const Diff& diff);

}  // namespace reprise
