// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a row lies on devices. It is digested there, queued behind what made it, and fetched when the next
// step has been queued, so that no step waits. Where a device cannot, copies are digested on the CPU, with
// the same digests.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/queued_digests.h"
#include "harness/trace/trace.h"

namespace reprise {

class DeviceRow {
 public:
  // To be digested at the next submit(), until which `tensor` must stay valid: its shape and strides too.
  void add(Stage stage, std::string name, const TensorView& tensor, c10::Device device);
  // All that was added since the last one. From here on it may change, in the order of its stream.
  void submit();
  // Of what was added and is not to be submitted.
  void forget() { asked_.clear(); }
  // The digests of all that was submitted, and the loss, into a row. Waits for the devices. `leaves`: whether
  // the row needs them.
  void take_into(StepRecord& row, bool leaves);
  bool empty() const { return shares_.empty() && losses_.empty(); }

 private:
  struct Named {
    Stage stage;
    TensorDigest digest;  // without a digest yet
  };
  struct Asked {
    std::vector<Named> named;
    std::vector<TensorView> views;
  };
  struct Share {
    std::vector<Named> named;
    std::vector<ContentDigest> made;  // by the CPU
    std::optional<QueuedDigests> queued;
  };
  std::map<c10::DeviceIndex, Asked> asked_;
  std::vector<Share> shares_;
  std::vector<at::Tensor> losses_;  // on the CPU, perhaps still on their way
};

}  // namespace reprise
