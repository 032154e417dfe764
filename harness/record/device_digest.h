// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests of tensors that lie on a CUDA device, made there by libreprise_cuda.so (harness/record/cuda), which
// is loaded when the first such tensor appears. Its first use on a device is a self-test. Where the library
// is missing, fails or gives other bits, the tensors are copied to the CPU and digested there: the digests
// are the same, and digest_place() says why.
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "harness/record/queued_digests.h"
#include "harness/record/state.h"
#include "harness/trace/trace.h"

namespace reprise {

// Digests that may still be in the making. What lies on the CPU is digested in the constructor. What lies on
// a CUDA device is queued in LibTorch's current stream, after everything that the stream holds and before
// whatever comes next, all in one go; nothing is waited for, and the tensors may be changed or freed at once.
class Digests {
 public:
  // `leaves`: whether take() gives the leaves too; those of the CPU's tensors always come.
  Digests(const Tensors& tensors, bool leaves);

  bool waiting() const;  // whether take() has to ask a device
  // One for each tensor, in order; once. Waits for the device. An Error if it was lost.
  std::vector<TensorDigest> take();

 private:
  struct Share {                      // the tensors of one device
    std::vector<std::size_t> places;  // among all
    QueuedDigests queued;
  };
  std::vector<TensorDigest> digests_;
  std::vector<Share> shares_;
  bool leaves_;
};

// A tensor's copy on the CPU. With `later` set the copy is queued in the current stream, and holds once
// Digests that were made afterwards have been taken; a tensor of the CPU is given back as it is.
at::Tensor copied_to_cpu(const at::Tensor& tensor, bool later);
// Memory on a device as a tensor that does not own it.
at::Tensor tensor_there(const TensorView& memory, c10::Device device);
at::Tensor copied_to_cpu(const TensorView& memory, c10::Device device);  // at once

}  // namespace reprise
