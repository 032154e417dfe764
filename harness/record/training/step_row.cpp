// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/step_row.h"

#include "harness/record/tensor_digest.h"

namespace reprise {

StepRow::StepRow(std::int64_t step, bool checkpoint) {
  record_.step = step;
  record_.checkpoint = checkpoint;
}

void StepRow::add(Stage stage, const Tensors& tensors) {
  tensors_.insert(tensors_.end(), tensors.begin(), tensors.end());
  stages_.insert(stages_.end(), tensors.size(), stage);
}

void StepRow::add_loss(const at::Tensor& loss) {
  // Before the digests in the stream: once they are there, so is the loss.
  loss_ = copied_to_cpu(loss, true);
  add(Stage::loss, {NamedTensor{"loss", loss}});
}

void StepRow::begin() {
  digests_.emplace(tensors_, record_.checkpoint);
  tensors_.clear();
}

StepRecord StepRow::take() {
  auto digests = digests_->take();
  digests_.reset();
  for (std::size_t i = 0; i < digests.size(); ++i) record_.of(stages_[i]).push_back(std::move(digests[i]));
  if (loss_.defined()) record_.loss = loss_of(loss_);
  return std::move(record_);
}

}  // namespace reprise
