// SPDX-License-Identifier: Apache-2.0
#pragma once
// A row of a trace in the making: what was seen of a step. On a GPU its digests are queued together, in one
// go, and fetched when the next step has been queued behind them, so that no step waits for them.
#include <optional>
#include <vector>

#include "harness/record/device_digest.h"
#include "harness/trace/trace.h"

namespace reprise {

class StepRow {
 public:
  StepRow(std::int64_t step, bool checkpoint);

  // Everything of the row that needs no device.
  StepRecord& record() { return record_; }
  const StepRecord& record() const { return record_; }
  // Tensors to digest for a stage; they are referred to until begin().
  void add(Stage stage, const Tensors& tensors);
  // The step's loss, for the row and for its stage.
  void add_loss(const at::Tensor& loss);
  // Digests what was added, or queues it: the tensors may change from here on.
  void begin();
  // Whether take() has to ask a device.
  bool waiting() const { return digests_ && digests_->waiting(); }
  // The whole row; once.
  StepRecord take();

 private:
  StepRecord record_;
  Tensors tensors_;
  std::vector<Stage> stages_;  // one for each tensor
  at::Tensor loss_;            // on the CPU, its value perhaps still on the way
  std::optional<Digests> digests_;
};

}  // namespace reprise
