// SPDX-License-Identifier: Apache-2.0
// Known answers through the real kernels and streams: the only cover there is for the compiler of the
// device's code, the driver and the card itself.
#include <cstdio>
#include <cstring>

#include "harness/record/cuda/runtime/session.h"

namespace reprise::cuda {
namespace {

std::string words(const reprise_cuda_digest& digest) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx %016llx", static_cast<unsigned long long>(digest.low),
                static_cast<unsigned long long>(digest.high));
  return text;
}

std::vector<reprise_cuda_tensor> moved(Tensors tensors, std::span<const std::byte> bytes,
                                       const std::byte* to) {
  std::vector<reprise_cuda_tensor> there(tensors.begin(), tensors.end());
  for (reprise_cuda_tensor& tensor : there)
    if (tensor.data != nullptr)
      tensor.data = to + (static_cast<const std::byte*>(tensor.data) - bytes.data());
  return there;
}

}  // namespace

void Session::try_answers(Tensors tensors, std::span<const reprise_cuda_digest> wanted,
                          const reprise_cuda_place& place) {
  const u64 ticket = submit(tensors, place);
  std::vector<reprise_cuda_digest> found(tensors.size());
  collect(ticket, found);
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i].low != wanted[i].low || found[i].high != wanted[i].high)
      throw Failure(REPRISE_CUDA_WRONG, "the digests of this device are wrong: known answer " +
                                            std::to_string(i) + " is " + words(wanted[i]) + ", found " +
                                            words(found[i]));
}

void Session::self_test(std::span<const std::byte> bytes, Tensors tensors,
                        std::span<const reprise_cuda_digest> wanted, cudaStream_t stream) {
  const CurrentDevice current(device_);
  Memory<Kind::pinned> staged;
  Memory<Kind::device> data;
  staged.reserve(bytes.size());
  data.reserve(bytes.size());
  std::memcpy(staged.as(), bytes.data(), bytes.size());
  const auto there = moved(tensors, bytes, data.as<std::byte>());
  const u32 lanes = lanes_;
  try {
    demand(cudaMemcpyAsync(data.as(), staged.as(), bytes.size(), cudaMemcpyHostToDevice, stream),
           "copy the known answers' data to the device");
    for (const u32 tried : {REPRISE_CUDA_LANES_FOUR, REPRISE_CUDA_LANES_WARP})
      for (const u32 where : {REPRISE_CUDA_ON_CALLER, REPRISE_CUDA_ON_SIDE}) {
        lanes_ = tried;
        try_answers(there, wanted, {stream, where, 0});
        join(stream);
      }
    demand(cudaStreamSynchronize(stream), "end the self-test");
  } catch (const Failure&) {
    lanes_ = lanes;
    static_cast<void>(cudaStreamSynchronize(stream));  // the data are about to go
    static_cast<void>(cudaStreamSynchronize(side_->handle()));
    static_cast<void>(cudaGetLastError());
    throw;
  }
  lanes_ = lanes;
}

}  // namespace reprise::cuda
