// SPDX-License-Identifier: Apache-2.0
#pragma once
// The recording of a training script that knows nothing of it: what sitecustomize.py hands over becomes the
// rows of a trace. A row is one call of an optimizer's step(); row 0 is the state before the first. What is
// handed over is digested at once, as it lies in memory: no operator runs, and no tensor is held.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/operators/op_tracer.h"
#include "harness/record/pin_torch.h"
#include "harness/record/value_keeper.h"
#include "harness/recorder/device_row.h"
#include "harness/tensor/row_sum.h"
#include "harness/trace/trace_writer.h"

namespace reprise {

// Why a tensor cannot be digested.
enum class Lack { nothing, not_plain, on_meta, lazy, dtype };

class Session {
 public:
  // Imposes the pins on this process, the seed only if the plan wants it imposed. An Error where a pin cannot
  // be set. Watches from here on if the plan's operator window holds step 0. `folder`: the run's; what this
  // process leaves goes into one of its own there.
  Session(Plan plan, std::filesystem::path folder);

  // A number for a name, so that a name crosses over from Python once.
  std::int64_t number_of(const std::string& name);
  const std::string& name_of(std::int64_t number) const;
  void add_fact(const std::string& key, const std::string& value) { facts_[key] = value; }
  // Those of the GPU of that number in this process, as far as the driver tells, and of CUDA's libraries.
  void add_gpu_facts(int number);
  // One tensor for the row that is being gathered. The last one of the stage loss is the row's loss.
  void add(Stage stage, std::int64_t name, const TensorView& tensor);
  // The same for any tensor; one on a device is digested at the next submit().
  Lack add(Stage stage, std::int64_t name, const at::Tensor& tensor);
  // The sum over rows of a weight that lies in the host's memory (harness/tensor/row_sum.h), as a tensor of
  // that name and of the shape of these rows.
  void add_rows(std::int64_t name, const at::Tensor& tensor, const RowRange& rows);
  void submit() { gathered_there_.submit(); }
  void forget() { gathered_there_.forget(); }
  // The same for one whose digest is taken already.
  void add_digest(Stage stage, TensorDigest digest) { gathered_.of(stage).push_back(std::move(digest)); }
  // Of a weight as the step that is being gathered left it, with the bit flipped that was to be.
  TensorDigest weight_digest(const std::string& name, const TensorView& tensor);
  // Where the script made its first optimizer: what it called until here is step 0, what follows step 1.
  void end_of_begin();
  // What was added so far is the state before the first forward pass, under any names: row 0, once it is
  // known which of it the first optimizer trains.
  void keep_initial();
  // What was kept under the name `from` is called `to` in row 0; what gets no name is left out.
  void name_initial(std::int64_t from, std::int64_t to) { initial_names_[name_of(from)] = name_of(to); }
  void forget_initial() { initial_.reset(); }
  // What was added to the stage for the row that is being gathered.
  void forget_stage(Stage stage);
  // Whether one of these has other content than what had its name before; one whose name is new has not.
  bool changed(const Tensors& tensors);
  // Row 0, from what was kept, and what was added since to the stages weights, optimizer and auxiliary; where
  // nothing was kept, the generators too. Opens the trace at `path`.
  void begin_rows(const std::filesystem::path& path);
  // The loss of the next step is there: where the process gets no further, that is known.
  void backward_begins() {
    if (writer_) count_step(true);
  }
  // The row of the next step, from all that was added since.
  void end_step();
  // The script is over, or has made the plan's last step. Without a row there is no trace.
  void finish();

  std::int64_t steps() const { return step_; }
  const std::filesystem::path& own_folder() const { return own_folder_; }
  // Whether operator calls are recorded, with the places in the script where they are made.
  bool wants_lines() const { return !plan_.watch.ops.empty(); }
  // Whether the plan's last step has been made.
  bool done() const { return plan_.watch.until > 0 && step_ >= plan_.watch.until; }
  // What could not be recorded, a sentence each.
  const std::vector<std::string>& troubles() const { return troubles_; }

 private:
  // The newest row waits: it is a checkpoint if it turns out to be the last.
  struct Row {
    StepRecord record;
    DeviceRow there;
    std::vector<OpCall> calls;
    Pins pins;
  };
  void watch(std::int64_t step);
  // Of the step that ends; what is called from here on belongs to `next`, if there is one.
  std::vector<OpCall> take_calls(std::optional<std::int64_t> next);
  void observe_generator();
  void count_step(bool in_backward);
  StepRecord first_row();
  void gather(Stage stage, std::int64_t name, const TensorView& tensor);
  bool is_due(Stage stage) const;  // the fault that the plan wants injected
  void inject_fault(Stage stage, const TensorView& tensor);
  void inject_fault_there(Stage stage, const TensorView& tensor, c10::Device device);
  void hold(StepRecord record, std::vector<OpCall> calls);
  void fetch_held(bool last);
  void write_held(bool last);

  Plan plan_;
  std::optional<PinReader> pins_;
  std::filesystem::path folder_, own_folder_;
  Facts facts_;
  std::vector<std::string> names_, troubles_;
  StepRecord gathered_;
  DeviceRow gathered_there_;
  ValueKeeper values_{{}, {}};
  std::optional<StepRecord> initial_;
  std::map<std::string, std::string> initial_names_;
  std::optional<Row> held_;
  std::vector<OpCall> begin_calls_;
  bool began_ = false, injected_ = false;
  bool broken_ = false;  // a row could not be written
  std::optional<OpWindow> window_;
  std::unique_ptr<TraceWriter> writer_;
  Pins written_pins_;
  std::map<std::string, Digest> content_;  // of what changed() was asked of
  std::int64_t step_ = 0;
  int counter_ = -1;  // a file that says how many steps were made, the last ones too, which no row holds yet
};

}  // namespace reprise
