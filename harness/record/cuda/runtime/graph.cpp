// SPDX-License-Identifier: Apache-2.0
// A session whose kernels are part of a CUDA graph: nothing but the two launches is captured, each replay
// writes the next row of a ring on the device, and the rows are fetched afterwards.
#include <cstring>

#include "harness/record/cuda/runtime/session.h"

namespace reprise::cuda {

void Session::prepare_capture(const TableContent& table, const std::vector<std::byte>& packed,
                              cudaStream_t stream) {
  reserve(table, packed.size(), slots_.size());
  reserve_slot(slots_[0], table, packed.size(), false);
  fetched_replays_.reserve(sizeof(u64) + slots_.size() * table.rows.size() * sizeof(Pair));
  counter_.reserve(sizeof(u64));
  if (last_ != nullptr) demand(cudaStreamWaitEvent(stream, last_, 0), "wait for earlier digests");
  demand(cudaMemsetAsync(counter_.as(), 0, sizeof(u64), stream), "clear the counter of replays");
  upload(packed, slots_[0].staged, stream);
  launch(table, all_blocks_, stream, counter_.as<u64>());
  demand(cudaMemsetAsync(counter_.as(), 0, sizeof(u64), stream), "clear the counter of replays");
  demand(cudaStreamSynchronize(stream), "wait for the first digests");
  captured_ = true;
}

void Session::capture(Tensors tensors, cudaStream_t stream) {
  if (failure_) throw Failure(*failure_);
  if (tensors.empty()) throw Failure(REPRISE_CUDA_MISUSE, "wanted at least one tensor to capture");
  for (const Slot& slot : slots_)
    if (slot.taken)
      throw Failure(REPRISE_CUDA_MISUSE, "ticket " + std::to_string(slot.ticket) + " waits to be collected");
  const CurrentDevice current(device_);
  const TableContent table = table_of(tensors);
  const auto packed = table.packed();
  if (!capturing(stream)) return prepare_capture(table, packed, stream);
  if (!captured_ || packed != uploaded_)
    throw Failure(REPRISE_CUDA_CAPTURING,
                  "wanted the tensors of an earlier call of capture() outside of a capture, found others");
  launch(table, all_blocks_, stream, counter_.as<u64>());
}

u64 Session::replayed(cudaStream_t stream) {
  if (!captured_) throw Failure(REPRISE_CUDA_MISUSE, "nothing was captured");
  const CurrentDevice current(device_);
  demand(cudaMemcpyAsync(fetched_replays_.as(), counter_.as(), sizeof(u64), cudaMemcpyDeviceToHost, stream),
         "copy the counter of replays");
  demand(cudaStreamSynchronize(stream), "wait for the replays");
  return *fetched_replays_.as<u64>();
}

void Session::replays(cudaStream_t stream, u64 first, u64 rows, Digests digests) {
  const u64 done = replayed(stream), slots = slots_.size();
  if (rows == 0 || first + rows > done || first + slots < done || digests.size() % rows != 0 ||
      !results_.holds(slots * (digests.size() / rows) * sizeof(Pair)))
    throw Failure(REPRISE_CUDA_MISUSE, "wanted rows " + std::to_string(first) + " to " +
                                           std::to_string(first + rows) + " of replays, found " +
                                           std::to_string(done) + ", of which the newest " +
                                           std::to_string(slots) + " are kept");
  const CurrentDevice current(device_);
  const u64 row_bytes = digests.size_bytes() / rows;
  auto* fetched = fetched_replays_.as<std::byte>() + sizeof(u64);
  for (u64 row = 0; row < rows; ++row)
    demand(cudaMemcpyAsync(fetched + row * row_bytes,
                           results_.as<std::byte>() + (first + row) % slots * row_bytes, row_bytes,
                           cudaMemcpyDeviceToHost, stream),
           "copy the digests of replays");
  demand(cudaStreamSynchronize(stream), "wait for the digests of replays");
  std::memcpy(digests.data(), fetched, digests.size_bytes());
}

}  // namespace reprise::cuda
