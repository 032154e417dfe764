// SPDX-License-Identifier: Apache-2.0
#include "harness/record/device_digest.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <map>

#include "harness/base/error.h"
#include "harness/record/tensor_digest.h"

namespace reprise {
namespace {

struct Views {
  std::vector<std::size_t> places;
  std::vector<TensorView> views;
};

}  // namespace

Digests::Digests(const Tensors& tensors, bool leaves) : digests_(tensors.size()), leaves_(leaves) {
  std::map<c10::DeviceIndex, Views> by_device;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const at::Tensor& tensor = tensors[i].tensor;
    if (!tensor.defined() || !tensor.is_cuda()) {
      digests_[i] = digest_of({tensors[i].name, copied_to_cpu(tensor, false)});
      continue;
    }
    const TensorView view = device_view_of(tensor, tensors[i].name);
    digests_[i].name = tensors[i].name;
    digests_[i].dtype = view.dtype;
    digests_[i].shape = {view.shape.begin(), view.shape.end()};
    auto& own = by_device[tensor.device().index()];
    own.places.push_back(i);
    own.views.push_back(view);
  }
  for (auto& [index, own] : by_device) {
    auto queued = QueuedDigests::submit({c10::kCUDA, index}, own.views, leaves);
    if (queued) {
      shares_.push_back({std::move(own.places), std::move(*queued)});
      continue;
    }
    for (const std::size_t place : own.places)
      digests_[place] = digest_of({tensors[place].name, copied_to_cpu(tensors[place].tensor, false)});
  }
}

bool Digests::waiting() const { return !shares_.empty(); }

std::vector<TensorDigest> Digests::take() {
  for (auto& share : shares_) {
    auto found = share.queued.take(leaves_);
    for (std::size_t i = 0; i < found.size(); ++i) {
      digests_[share.places[i]].digest = found[i].digest;
      digests_[share.places[i]].leaves = std::move(found[i].leaves);
    }
  }
  shares_.clear();
  return std::move(digests_);
}

at::Tensor copied_to_cpu(const at::Tensor& tensor, bool later) {
  if (!tensor.defined() || tensor.device().is_cpu()) return tensor;
  if (!later || !tensor.is_cuda()) return tensor.detach().to(at::kCPU);
  // Pinned, or the copy would make the host wait.
  at::Tensor copy =
      at::empty(tensor.sizes(), at::TensorOptions().dtype(tensor.scalar_type()).pinned_memory(true));
  copy.copy_(tensor.detach(), true);
  return copy;
}

at::Tensor tensor_there(const TensorView& memory, c10::Device device) {
  const auto options = at::TensorOptions().dtype(scalar_type_of(memory.dtype)).device(device);
  return at::from_blob(const_cast<void*>(memory.data), {memory.shape.data(), memory.shape.size()},
                       {memory.strides.data(), memory.strides.size()}, nullptr, options, device);
}

at::Tensor copied_to_cpu(const TensorView& memory, c10::Device device) {
  return tensor_there(memory, device).to(at::kCPU);
}

}  // namespace reprise
