// SPDX-License-Identifier: Apache-2.0
#include "harness/record/cuda/runtime/session.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "harness/record/cuda/secret.h"

namespace reprise::cuda {
namespace {

// So few leaves for each multiprocessor that four lanes to a leaf would leave most of it idle. An estimate:
// 132 multiprocessors have some 50 MB under way (docs/cuda.md).
constexpr u64 few_leaves = 24;
constexpr u32 blocks_of_processor = 8;

int attribute(cudaDeviceAttr which, int device, const char* name) {
  int value = 0;
  demand(cudaDeviceGetAttribute(&value, which, device), std::string("learn the device's ") + name);
  return value;
}

void check_device(int device) {
  int count = 0, driver = 0, runtime = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) {
    static_cast<void>(cudaGetLastError());
    static_cast<void>(cudaDriverGetVersion(&driver));
    static_cast<void>(cudaRuntimeGetVersion(&runtime));
    demand(status, "count the CUDA devices (driver " + std::to_string(driver) + ", run-time library " +
                       std::to_string(runtime) + ")");
  }
  if (device < 0 || device >= count)
    throw Failure(REPRISE_CUDA_NO_DEVICE, "wanted CUDA device " + std::to_string(device) + ", found " +
                                              std::to_string(count) + " of them");
  const int major = attribute(cudaDevAttrComputeCapabilityMajor, device, "compute capability");
  const int minor = attribute(cudaDevAttrComputeCapabilityMinor, device, "compute capability");
  if (10 * major + minor < 75)
    throw Failure(REPRISE_CUDA_TOO_OLD, "wanted a device of compute capability 7.5 or newer, found " +
                                            std::to_string(major) + "." + std::to_string(minor));
}

}  // namespace

bool capturing(cudaStream_t stream) {
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  demand(cudaStreamIsCapturing(stream, &status), "learn whether the stream is under capture");
  return status != cudaStreamCaptureStatusNone;
}

Session::Session(const reprise_cuda_options& options)
    : device_(options.device),
      lanes_(options.lanes),
      side_blocks_(options.blocks == 0 ? 32 : options.blocks),
      secret_(default_secret()) {
  constexpr u32 most_slots = 4096;
  if (options.slots > most_slots || options.lanes > REPRISE_CUDA_LANES_WARP)
    throw Failure(REPRISE_CUDA_MISUSE, "wanted at most 4096 slots, and a known number of lanes");
  check_device(device_);
  const CurrentDevice current(device_);
  processors_ = static_cast<u32>(attribute(cudaDevAttrMultiProcessorCount, device_, "number of processors"));
  all_blocks_ = std::max(1u, processors_ * blocks_of_processor);
  side_.emplace();
  before_.emplace();
  // A power of two: the device counts replays modulo the slots.
  slots_.resize(std::bit_ceil(options.slots == 0 ? 8u : options.slots));
}

Session::~Session() {
  try {
    const CurrentDevice current(device_);
    if (last_ != nullptr) static_cast<void>(cudaEventSynchronize(last_));
    static_cast<void>(cudaStreamSynchronize(side_->handle()));
    static_cast<void>(cudaGetLastError());
  } catch (const Failure&) {  // a lost device: its memory went with it
  }
}

Session::Slot& Session::slot_of(u64 ticket) {
  const auto found =
      std::ranges::find_if(slots_, [&](const Slot& slot) { return slot.taken && slot.ticket == ticket; });
  if (found == slots_.end())
    throw Failure(REPRISE_CUDA_MISUSE, "wanted a ticket that was submitted and not collected yet, found " +
                                           std::to_string(ticket));
  return *found;
}

// The first: pinned memory grows with what is on its way at a time, not with how many slots there may be.
Session::Slot& Session::free_slot() {
  const auto found = std::ranges::find_if(slots_, [](const Slot& slot) { return !slot.taken; });
  if (found == slots_.end())
    throw Failure(REPRISE_CUDA_MISUSE, "all " + std::to_string(slots_.size()) +
                                           " results wait to be collected; collect one first");
  return *found;
}

void Session::wait_for_all() {
  if (last_ != nullptr) demand(cudaEventSynchronize(last_), "wait for earlier digests");
}

// Memory grows by half again, so that a state that grows a little each step does not allocate each step.
void Session::reserve(const TableContent& table, u64 packed_bytes, u64 result_rows) {
  const u64 leaves = table.leaves * sizeof(Pair), nodes = std::max<u64>(table.nodes, 1) * sizeof(Pair),
            results = result_rows * table.rows.size() * sizeof(Pair);
  if (table_.holds(packed_bytes) && leaves_.holds(leaves) && nodes_.holds(nodes) && results_.holds(results))
    return;
  wait_for_all();
  const auto grow = [](Memory<Kind::device>& memory, u64 bytes) {
    if (!memory.holds(bytes)) memory.reserve(bytes + bytes / 2);
  };
  uploaded_.clear();
  grow(table_, packed_bytes);
  grow(leaves_, leaves);
  grow(nodes_, nodes);
  grow(results_, results);
}

void Session::reserve_slot(Slot& slot, const TableContent& table, u64 packed_bytes, bool keep_leaves) {
  if (!slot.staged.holds(packed_bytes)) slot.staged.reserve(packed_bytes + packed_bytes / 2);
  const u64 results = table.rows.size() * sizeof(Pair);
  if (!slot.fetched.holds(results)) slot.fetched.reserve(results + results / 2);
  const u64 leaves = keep_leaves ? table.leaves * sizeof(Pair) : 0;
  if (!slot.kept_leaves.holds(leaves)) slot.kept_leaves.reserve(leaves + leaves / 2);
}

Lanes Session::lanes_for(u64 leaves) const {
  if (lanes_ == REPRISE_CUDA_LANES_FOUR) return Lanes::four;
  if (lanes_ == REPRISE_CUDA_LANES_WARP) return Lanes::warp;
  return leaves < few_leaves * processors_ ? Lanes::warp : Lanes::four;
}

void Session::upload(const std::vector<std::byte>& packed, Memory<Kind::pinned>& staged,
                     cudaStream_t stream) {
  if (packed == uploaded_) return;
  uploaded_.clear();
  std::memcpy(staged.as(), packed.data(), packed.size());
  demand(cudaMemcpyAsync(table_.as(), staged.as(), packed.size(), cudaMemcpyHostToDevice, stream),
         "copy the table of tensors to the device");
  uploaded_ = packed;
}

void Session::launch(const TableContent& table, u32 blocks, cudaStream_t stream, u64* replays) {
  const Table on_device = table.at(table_.as());
  demand(launch_leaves({on_device, leaves_.as<Pair>(), replays}, secret_, lanes_for(table.leaves), blocks,
                       stream),
         "start the kernel of the leaves");
  demand(launch_nodes({on_device, leaves_.as<Pair>(), nodes_.as<Pair>(), results_.as<Pair>(), replays, 0,
                       replays == nullptr ? 1 : slots_.size()},
                      secret_, stream),
         "start the kernel of the nodes");
}

void Session::queue(Slot& slot, const TableContent& table, const std::vector<std::byte>& packed,
                    const reprise_cuda_place& place) {
  const auto caller = static_cast<cudaStream_t>(place.stream);
  const bool aside = place.where == REPRISE_CUDA_ON_SIDE;
  const cudaStream_t stream = aside ? side_->handle() : caller;
  if (aside) {
    demand(cudaEventRecord(before_->handle(), caller), "mark the caller's stream");
    demand(cudaStreamWaitEvent(stream, before_->handle(), 0), "wait for the caller's stream");
  }
  // Table and scratch are those of the newest submit, whichever stream that was in.
  if (last_ != nullptr) demand(cudaStreamWaitEvent(stream, last_, 0), "wait for earlier digests");
  if (!table.rows.empty()) {
    upload(packed, slot.staged, stream);
    launch(table, aside ? side_blocks_ : all_blocks_, stream, nullptr);
    demand(cudaMemcpyAsync(slot.fetched.as(), results_.as(), table.rows.size() * sizeof(Pair),
                           cudaMemcpyDeviceToHost, stream),
           "copy the digests to the host");
    if (place.keep_leaves != 0)
      demand(cudaMemcpyAsync(slot.kept_leaves.as(), leaves_.as(), table.leaves * sizeof(Pair),
                             cudaMemcpyDeviceToHost, stream),
             "copy the leaves to the host");
  }
  demand(cudaEventRecord(slot.done.handle(), stream), "mark the end of the digests");
  last_ = slot.done.handle();
}

u64 Session::submit(Tensors tensors, const reprise_cuda_place& place) {
  if (failure_) throw Failure(*failure_);
  if (captured_) throw Failure(REPRISE_CUDA_MISUSE, "a session that captured does not submit; open another");
  const CurrentDevice current(device_);
  const u64 ticket = next_ticket_;
  Slot& slot = free_slot();
  const bool keep_leaves = place.keep_leaves != 0;
  if (capturing(static_cast<cudaStream_t>(place.stream)))
    throw Failure(REPRISE_CUDA_CAPTURING, "the caller's stream is under capture; use capture() there");
  const TableContent table = table_of(tensors);
  const auto packed = table.packed();
  if (!table.rows.empty()) {
    reserve(table, packed.size(), 1);
    reserve_slot(slot, table, packed.size(), keep_leaves);
  }
  try {
    queue(slot, table, packed, place);
  } catch (const Failure& failure) {
    failure_ = failure;
    throw;
  }
  slot.ticket = ticket;
  slot.tensors = table.rows.size();
  slot.leaves = table.leaves;
  slot.keeps_leaves = keep_leaves;
  slot.taken = true;
  ++next_ticket_;
  return ticket;
}

void Session::join(cudaStream_t stream) {
  const CurrentDevice current(device_);
  if (last_ != nullptr) demand(cudaStreamWaitEvent(stream, last_, 0), "make the caller's stream wait");
}

bool Session::ready(u64 ticket) {
  const Slot& slot = slot_of(ticket);
  const CurrentDevice current(device_);
  const cudaError_t status = cudaEventQuery(slot.done.handle());
  if (status == cudaErrorNotReady) {
    static_cast<void>(cudaGetLastError());
    return false;
  }
  demand(status, "learn whether digests are made");
  return true;
}

void Session::leaves(u64 ticket, Digests leaves) {
  const Slot& slot = slot_of(ticket);
  if (!slot.keeps_leaves || leaves.size() != slot.leaves)
    throw Failure(REPRISE_CUDA_MISUSE, "ticket " + std::to_string(ticket) + " keeps " +
                                           std::to_string(slot.keeps_leaves ? slot.leaves : 0) +
                                           " leaves, wanted " + std::to_string(leaves.size()));
  const CurrentDevice current(device_);
  demand(cudaEventSynchronize(slot.done.handle()), "wait for the leaves");
  if (!leaves.empty()) std::memcpy(leaves.data(), slot.kept_leaves.as(), leaves.size_bytes());
}

void Session::collect(u64 ticket, Digests digests) {
  Slot& slot = slot_of(ticket);
  if (digests.size() != slot.tensors)
    throw Failure(REPRISE_CUDA_MISUSE, "ticket " + std::to_string(ticket) + " is of " +
                                           std::to_string(slot.tensors) + " tensors, wanted " +
                                           std::to_string(digests.size()));
  const CurrentDevice current(device_);
  demand(cudaEventSynchronize(slot.done.handle()), "wait for the digests");
  if (!digests.empty()) std::memcpy(digests.data(), slot.fetched.as(), digests.size_bytes());
  slot.taken = false;
}

}  // namespace reprise::cuda
