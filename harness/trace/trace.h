// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trace is the evidence of one run: who ran, and digests per step, stage and tensor. It is an HDF5 file,
// described to the byte in docs/trace-format.md; this header holds its nouns and its reader. Row 0 is the
// state before the first step. A trace holds no clock, so equal runs on one machine give files equal under
// cmp. Only committed rows count; the file of a killed run opens without repair.
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/machine/facts.h"
#include "harness/plan/plan.h"
#include "harness/tensor/digest.h"
#include "harness/trace/op_call.h"

namespace reprise {

inline constexpr std::string_view trace_format = "reprise.trace/1";
// The same, but row 0 is the state after the step that the plan says the run began from (watch.from).
inline constexpr std::string_view late_trace_format = "reprise.trace/2";
// Of a command: the same as the first with one stage more, `auxiliary`.
inline constexpr std::string_view command_trace_format = "reprise.trace/3";

// In the order in which a step makes them. `auxiliary`: the modules of a script that no optimizer has, such
// as averages of the weights.
enum class Stage { batch, rng, loss, gradients, weights, optimizer, auxiliary };
inline constexpr std::size_t stage_count = 7;
inline constexpr std::array<std::string_view, stage_count> stage_names = {
    "batch", "rng", "loss", "gradients", "weights", "optimizer", "auxiliary"};
inline std::string_view name_of(Stage stage) { return stage_names[static_cast<std::size_t>(stage)]; }

// One tensor's digest as it goes into a trace. `leaves` may be empty except at a checkpoint.
struct TensorDigest {
  std::string name;
  std::string dtype;  // safetensors name
  std::vector<std::int64_t> shape;
  Digest digest;
  std::vector<Digest> leaves;
};

// A loss as its raw bits: dtype F32, F64, BF16 or F16, the element's bits in the low end.
struct Loss {
  std::string dtype;
  std::uint64_t bits = 0;
};
double value_of(const Loss& loss);

struct MetricValue {
  std::string name;
  double value = 0;
};

// Everything a step hands to the writer.
struct StepRecord {
  std::int64_t step = 0;
  std::array<std::vector<TensorDigest>, stage_count> stages;  // any order within a stage; names differ
  std::optional<Loss> loss;                                   // nothing at row 0
  std::vector<MetricValue> metrics;
  std::vector<std::uint64_t> samples;  // the batch: indices of its samples; empty at row 0
  bool checkpoint = false;             // leaves of every tensor are kept

  std::vector<TensorDigest>& of(Stage stage) { return stages[static_cast<std::size_t>(stage)]; }
};

// A column of the digest table: one tensor, as first seen.
struct Column {
  Stage stage;
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
};

// One reading of all pins.
struct PinCheck {
  std::int64_t step;
  Pins values;
};

struct CheckpointLeaves {
  std::int64_t step;
  std::map<std::size_t, std::vector<Digest>> by_column;  // index into columns()
};

// What a run left: a tensor of a checkpoint, "out/model.pt:fc.weight", or, of a file in no known format, its
// bytes: dtype U8, one axis, named "out/curve.csv".
struct Artifact {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  Digest digest;
  std::string sha256;  // of the file
};

// Adds what a run left to its finished trace. An Error if that cannot be written, or has some already.
void add_artifacts(const std::filesystem::path& trace, const std::vector<Artifact>& artifacts);

// A trace is proven when it is opened (trace_proof.h). proven_as_read: all but its rows, and each row when it
// is read, for one of many that hold too much together (proof_together.h). as_it_stands is for looking at one
// that is no evidence.
enum class Reading { proven, proven_as_read, as_it_stands };

// A trace opened for reading. Copies share the open file.
class Trace {
 public:
  // `path`: a trace file, or a run's folder that holds trace.h5 (or the trace.h5.partial of a run that was
  // ended). An Error for no file, not HDF5, another format version, a truncated file, zero committed steps,
  // and for one whose parts do not prove each other, with the dataset and the step. Of a run that did not
  // end, the steps before that one are read, if there are any, without anything that no digest proves.
  explicit Trace(const std::filesystem::path& path, Reading how = Reading::proven);

  struct File;  // what stands behind it (trace_file.h)
  // One that is open already, and was looked at or is no stranger's.
  explicit Trace(std::shared_ptr<File> file) : file_(std::move(file)) {}

  const std::filesystem::path& path() const;
  const Plan& plan() const;
  const std::string& plan_text() const;
  const Facts& facts() const;
  const std::vector<TensorDigest>& data() const;  // the data as the recipe saw it, before the first step
  const std::vector<Column>& columns() const;
  std::vector<Artifact> artifacts() const;  // sorted by name; none if the run was not asked for any
  Digest artifacts_digest() const;          // of all of them, as a set

  std::int64_t first_step() const;  // of the first row: 0, or plan().watch.from
  std::int64_t last_step() const;   // the last committed row
  bool finished() const;            // the run came to its planned end
  // Of a damaged trace, which was read up to its last good step: why not further; else "".
  std::string why_no_more() const;
  // How many stages its format has: 6, or 7 where modules that no optimizer has were looked for.
  std::size_t stages_held() const;

  Digest root(std::int64_t step) const;                                    // of the state after `step`
  Digest chain(std::int64_t step) const;                                   // of all roots up to `step`
  std::vector<Digest> roots(std::int64_t first, std::int64_t last) const;  // inclusive
  std::array<Digest, stage_count> stages(std::int64_t step) const;         // absent ones are all zero
  std::vector<Digest> stage_column(Stage stage, std::int64_t first, std::int64_t last) const;
  std::vector<Digest> tensors(std::int64_t step) const;  // one per column; absent ones are all zero
  Digest data_digest() const;                            // set_digest("data", data())

  std::vector<double> losses(std::int64_t first,
                             std::int64_t last) const;  // rows 1 and later; NaN where none
  Loss loss(std::int64_t step) const;
  std::vector<std::pair<std::int64_t, MetricValue>> metrics() const;  // by step
  std::vector<std::uint64_t> samples(std::int64_t step) const;        // the batch of a step

  std::vector<std::int64_t> checkpoint_steps() const;  // those with leaf digests, 0 among them
  CheckpointLeaves leaves(std::int64_t step) const;    // of a checkpoint
  std::vector<PinCheck> pin_checks() const;
  // The operator calls of a step, by role, then order; none outside the plan's window.
  std::vector<OpCall> calls(std::int64_t step) const;

  std::uint64_t bytes_read() const;  // payload read since it was proven: a diff must read little
  // Whether everything beside the chain is sealed too: not of older traces, nor of runs that did not end.
  bool sealed() const;
  // Whether its rows are proven when they are read, and those that nobody reads are not
  // (Reading::proven_as_read).
  bool proven_as_read() const;

 private:
  std::shared_ptr<File> file_;
};

}  // namespace reprise
