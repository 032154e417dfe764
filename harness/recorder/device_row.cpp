// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/device_row.h"

#include <ATen/record_function.h>

#include <utility>

#include "harness/record/device_digest.h"
#include "harness/record/tensor_digest.h"

namespace reprise {
namespace {

std::vector<ContentDigest> made_here(const std::vector<TensorView>& views, c10::Device device) {
  std::vector<ContentDigest> made;
  for (const TensorView& view : views) {
    const at::Tensor here = copied_to_cpu(view, device);
    made.push_back(digest_of(view_of(here, "of a device")));
  }
  return made;
}

}  // namespace

void DeviceRow::add(Stage stage, std::string name, const TensorView& tensor, c10::Device device) {
  TensorDigest digest{.name = std::move(name),
                      .dtype = std::string(tensor.dtype),
                      .shape = {tensor.shape.begin(), tensor.shape.end()},
                      .digest = {},
                      .leaves = {}};
  Asked& asked = asked_[device.index()];
  asked.named.push_back({stage, std::move(digest)});
  asked.views.push_back(tensor);
}

void DeviceRow::submit() {
  const at::DisableRecordFunctionGuard unwatched;
  for (auto& [index, asked] : std::exchange(asked_, {})) {
    const c10::Device device(c10::kCUDA, index);
    // Before the digests in the stream: once they are there, so is the loss.
    for (std::size_t i = 0; i < asked.named.size(); ++i)
      if (asked.named[i].stage == Stage::loss)
        losses_.push_back(copied_to_cpu(tensor_there(asked.views[i], device), true));
    Share share{std::move(asked.named), {}, QueuedDigests::submit(device, asked.views, true)};
    if (!share.queued) share.made = made_here(asked.views, device);
    shares_.push_back(std::move(share));
  }
}

void DeviceRow::take_into(StepRecord& row, bool leaves) {
  for (auto& share : std::exchange(shares_, {})) {
    auto made = share.queued ? share.queued->take(leaves) : std::move(share.made);
    for (std::size_t i = 0; i < made.size(); ++i) {
      TensorDigest& digest = share.named[i].digest;
      digest.digest = made[i].digest;
      digest.leaves = std::move(made[i].leaves);
      row.of(share.named[i].stage).push_back(std::move(digest));
    }
  }
  for (const at::Tensor& loss : std::exchange(losses_, {})) row.loss = loss_of(view_of(loss, "loss"));
}

}  // namespace reprise
