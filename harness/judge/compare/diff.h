// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where N traces agree and where they part. The chain column first: it tells in a few rows from which step on
// two traces differ; then stages, tensors and leaves of that step alone. Traces of different recipes are
// refused: that is not a difference of bits. A difference is data.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/pin_changes.h"
#include "harness/trace/run_traces.h"
#include "harness/trace/trace.h"

namespace reprise {

struct NamedTrace {
  std::string name;  // a configuration's name
  Trace trace;       // of the process that trained first
  // The whole run, all its processes; nothing: that trace alone.
  std::optional<RunTraces> run = {};
};
RunTraces run_of(const NamedTrace& named);
// One number for the whole run: the chain of its process at its last step; of several, the digest of the set,
// labelled "run", of their labels and chains.
Digest chain_of(const RunTraces& run);

// One training process of a run.
struct ProcessSummary {
  std::string label;  // "rank 1", "process 2"; "" where every run has one
  std::string ended;  // "signal 9", as its parent saw it; "" where nothing was wrong
  std::int64_t last_step = 0;
  bool finished = false;
  Digest chain;                  // at last_step
  std::int64_t made = 0;         // steps, the trace may hold fewer
  std::string why_no_more = {};  // of a damaged trace, which was read up to its last good step
};

// One trace, as far as a report needs it.
struct TraceSummary {
  std::string name, path, plan_id;
  std::int64_t last_step = 0, planned_steps = 0;
  bool finished = false;
  Digest chain;                                 // chain_of() the run
  Digest final_weights;                         // stage digest at last_step
  double final_loss = 0;                        // NaN if none
  std::int64_t first_nan = -1;                  // first step whose loss is not a number, or -1
  std::map<std::string, double> final_metrics;  // the last value of each
  Facts facts;
  Pins pins;                        // as planned
  std::int64_t largest_weight = 0;  // elements of the largest weight: the largest draw before training
  std::size_t pin_checks = 0, pins_held = 0;  // readings of all pins, and how many of them held
  std::vector<PinChange> pin_changes = {};
  bool sees_batches =
      true;  // else what it trained on stands in no stage, as where a script makes its own batches
  bool gpu_unrecorded = false;  // a GPU's random stream was in use, but nothing says which GPU it was
  std::size_t in_class = 0;
  std::vector<ProcessSummary> processes = {};
  std::string execution = {};  // "" where it is not known
};

struct LeafPlace {
  std::int64_t step;  // the checkpoint whose leaves tell it; the step of divergence itself where that was one
  std::size_t leaf, leaves;  // the first leaf that differs, of how many
  std::size_t leaves_differing;
};

// The first difference between two runs.
struct Divergence {
  std::int64_t step = 0;  // 0: before training
  std::string stage;      // "data" (only at step 0) or a stage's name: the first that differs, in step order;
                      // "length" where one goes on after `step` and the other does not; "process" where one
                      // has a process that trained and the other has not; "layout" where ranks hold other
                      // parts of one model and no joined weight differs; "artifacts" where all steps agree
                      // but not what the runs left
  std::string tensor;  // its first differing tensor in the stage's column order
  std::size_t tensors_differing = 0, tensors_compared = 0;  // within that stage and step
  std::optional<LeafPlace> leaf;
  // For each stage the first step at which it differs; nothing if it never does.
  std::array<std::optional<std::int64_t>, stage_count> stage_first;
  // The batch order differs (other samples, not other arithmetic), and from which step on.
  std::optional<std::int64_t> batch_order_from;
  std::string process = {};  // in which it is, "rank 1"; "" where every run has one
  // Whether what both trained on was compared; not where ranks are of another number, and no batch tells its
  // samples.
  bool batches_compared = true;
  // Of "length": the last step of each side. Of "process": of the side that has it; -1 of the other.
  std::array<std::int64_t, 2> last_steps{0, 0};
  // Where ranks hold other parts of one model: which weight could not be joined and why, or "". Of "layout",
  // `tensors_compared` is the number of weights that could be, in every step.
  std::string unjoined = {};
};

// What differs between two runs: bits of a step that both made, or only how far they went, which processes
// trained, which parts of the model each rank holds, or which files were left, where all bits that can be
// compared are equal.
enum class Parting { bits, length, process, layout, artifacts };
Parting parting_of(const Divergence& divergence);
// Whether it lies in a stage or in what was left, so that a tensor or a file can be named. If not, place_of()
// says all of it.
bool has_place(const Divergence& divergence);

// How far apart a tensor of the last checkpoint that both sides kept is.
struct TensorDistance {
  std::string name;  // "weights/fc1.weight"
  std::uint64_t elements = 0, differing = 0;
  std::uint64_t max_ulp = 0;                 // 0 for dtypes that are no floats; saturates
  double max_absolute = 0, relative_l2 = 0;  // |a-b|_2 / |a|_2
  double difference_squared = 0,
         first_squared = 0;  // |a-b|_2^2 and |a|_2^2, for several tensors taken as one
};

struct CheckpointDistance {
  std::int64_t step = 0;
  std::vector<TensorDistance> tensors;  // those that differ, by name
  std::size_t tensors_compared = 0;
};

// Two classes, told by the first trace of each.
struct ClassDivergence {
  std::size_t a = 0, b = 0;  // indices of classes, a < b
  Divergence first;
  std::optional<CheckpointDistance> distance;
  std::vector<double> loss_distance;  // |loss_a - loss_b| at steps 1, 2, ...
};

struct EquivalenceClass {
  std::string letter;                // "A", "B", ..., "Z", "AA"
  std::vector<std::size_t> members;  // indices of traces, in their order; the first stands for all
  std::vector<double> losses;        // of the first, at steps 1, 2, ...
};

// What was found among N traces.
struct Diff {
  std::string recipe;  // name
  std::string recipe_id;
  std::int64_t steps = 0;  // that all runs have, in the process that trained first
  // Where a plan asks for fewer steps than others (watch.until), or reprise cut a run short, all are compared
  // up to that step alone; else their lengths are part of the result.
  std::optional<std::int64_t> prefix = {};
  bool matched_by_content = false;  // some processes of a run could not be told apart
  std::vector<TraceSummary> traces;
  std::vector<EquivalenceClass> classes;     // ordered by first member: [0] holds the first trace
  std::vector<ClassDivergence> divergences;  // every pair of classes, (0,1), (0,2), ..., (1,2), ...
  std::uint64_t bytes_read = 0;              // from the trace files, losses aside

  bool all_equal() const { return classes.size() == 1; }
  // The first step at which two traces differ, or nothing.
  std::optional<std::int64_t> divergence(std::size_t trace_a, std::size_t trace_b) const;
};

// Where two classes part, named by their indices in either order; nothing if they are one.
const ClassDivergence* divergence_between(const Diff& diff, std::size_t class_a, std::size_t class_b);

// An Error if there are fewer than one trace, or if two train different recipes (with what differs).
Diff compare(const std::vector<NamedTrace>& traces);

}  // namespace reprise
