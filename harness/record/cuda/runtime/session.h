// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests on one device: what plugin.h promises, in C++. Everything throws Failure.
#include <optional>
#include <span>
#include <vector>

#include "harness/record/cuda/runtime/launch.h"
#include "harness/record/cuda/runtime/resources.h"
#include "harness/record/cuda/table.h"

namespace reprise::cuda {

using Tensors = std::span<const reprise_cuda_tensor>;
using Digests = std::span<reprise_cuda_digest>;

class Session {
 public:
  explicit Session(const reprise_cuda_options& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  u64 submit(Tensors tensors, const reprise_cuda_place& place);
  void join(cudaStream_t stream);
  bool ready(u64 ticket);
  void collect(u64 ticket, Digests digests);
  void leaves(u64 ticket, Digests leaves);
  void capture(Tensors tensors, cudaStream_t stream);
  u64 replayed(cudaStream_t stream);
  void replays(cudaStream_t stream, u64 first, u64 rows, Digests digests);
  void self_test(std::span<const std::byte> bytes, Tensors tensors,
                 std::span<const reprise_cuda_digest> wanted, cudaStream_t stream);

 private:
  // One result that waits to be collected. The table that was uploaded for it stays in its `staged` until
  // then: the copy to the device may not have begun.
  struct Slot {
    Event done;
    Memory<Kind::pinned> staged, fetched, kept_leaves;
    u64 ticket = 0, tensors = 0, leaves = 0;
    bool taken = false, keeps_leaves = false;
  };

  Slot& slot_of(u64 ticket);
  Slot& free_slot();
  void reserve(const TableContent& table, u64 packed_bytes, u64 result_rows);
  void reserve_slot(Slot& slot, const TableContent& table, u64 packed_bytes, bool keep_leaves);
  void wait_for_all();
  void queue(Slot& slot, const TableContent& table, const std::vector<std::byte>& packed,
             const reprise_cuda_place& place);
  void upload(const std::vector<std::byte>& packed, Memory<Kind::pinned>& staged, cudaStream_t stream);
  void launch(const TableContent& table, u32 blocks, cudaStream_t stream, u64* replays);
  void prepare_capture(const TableContent& table, const std::vector<std::byte>& packed, cudaStream_t stream);
  Lanes lanes_for(u64 leaves) const;
  void try_answers(Tensors tensors, std::span<const reprise_cuda_digest> wanted,
                   const reprise_cuda_place& place);

  int device_;
  u32 lanes_, side_blocks_, all_blocks_ = 0, processors_ = 0;
  Secret secret_;
  std::optional<SideStream> side_;
  std::optional<Event> before_;  // what the caller's stream held when the side stream was asked
  std::vector<Slot> slots_;
  cudaEvent_t last_ = nullptr;  // the newest submit's end
  u64 next_ticket_ = 1;
  Memory<Kind::device> table_, leaves_, nodes_, results_, counter_;
  Memory<Kind::pinned> fetched_replays_;
  std::vector<std::byte> uploaded_;  // what the device's table holds
  bool captured_ = false;
  std::optional<Failure> failure_;  // of the device: what was queued is in an unknown state
};

bool capturing(cudaStream_t stream);

}  // namespace reprise::cuda
