// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests of tensors that lie on one CUDA device, on their way: queued in LibTorch's current stream of the
// calling thread, after everything that the stream holds and before whatever comes next. So the tensors may
// be changed or freed at once, by everybody who keeps that stream's order: nothing holds them.
#include <c10/core/Device.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/tensor/digest.h"

namespace reprise {

struct CudaDigester;

// Where the digests of tensors on that device are made: "cpu" for tensors of the CPU, "cuda" for those of a
// CUDA device that digests them itself, else "cpu: WHY", a sentence. On a CUDA device the first call loads
// and tests the library.
std::string digest_place(c10::Device device);

class QueuedDigests {
 public:
  // Nothing where the device does not digest (digest_place), or not now: its stream is being captured in a
  // graph. `leaves`: whether take() can give the leaves too. An Error if the device was lost.
  static std::optional<QueuedDigests> submit(c10::Device device, std::span<const TensorView> tensors,
                                             bool leaves);
  ~QueuedDigests();
  QueuedDigests(QueuedDigests&& other) noexcept;
  QueuedDigests& operator=(QueuedDigests&& other) noexcept;

  // One for each tensor, in order; once. Waits for the device. An Error if it was lost. `leaves`: only after
  // a submit with leaves.
  std::vector<ContentDigest> take(bool leaves);

 private:
  QueuedDigests() = default;
  void drop();

  CudaDigester* digester_ = nullptr;  // nothing once taken
  std::uint64_t ticket_ = 0;
  std::vector<std::uint64_t> leaf_counts_;  // of each tensor
};

}  // namespace reprise
