// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests of tensors that lie on a CUDA device, made there by libreprise_cuda.so (harness/record/cuda), which
// is loaded when the first such tensor appears. Its first use on a device is a self-test. Where the library
// is missing, fails or gives other bits, the tensors are copied to the CPU and digested there: the digests
// are the same, and digest_place() says why.
#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/record/state.h"
#include "harness/trace/trace.h"

namespace reprise {

// Where the digests of tensors on that device are made: "cpu" for tensors of the CPU, "cuda" for those of a
// CUDA device that digests them itself, else "cpu: WHY", a sentence. On a CUDA device the first call loads
// and tests the library.
std::string digest_place(c10::Device device);

// Digests that may still be in the making. What lies on the CPU is digested in the constructor. What lies on
// a CUDA device is queued in LibTorch's current stream, after everything that the stream holds and before
// whatever comes next, all in one go; nothing is waited for, and the tensors may be changed or freed at once.
class Digests {
 public:
  // `leaves`: whether take() gives the leaves too; those of the CPU's tensors always come.
  Digests(const Tensors& tensors, bool leaves);
  ~Digests();
  Digests(Digests&&) noexcept;
  Digests& operator=(Digests&&) noexcept;

  bool waiting() const;  // whether take() has to ask a device
  // One for each tensor, in order; once. Waits for the device. An Error if it was lost.
  std::vector<TensorDigest> take();

 private:
  struct Queued;
  std::vector<TensorDigest> digests_;
  std::vector<std::unique_ptr<Queued>> queued_;  // one for each device
};

// A tensor's copy on the CPU. With `later` set the copy is queued in the current stream, and holds once
// Digests that were made afterwards have been taken; a tensor of the CPU is given back as it is.
at::Tensor copied_to_cpu(const at::Tensor& tensor, bool later);

}  // namespace reprise
