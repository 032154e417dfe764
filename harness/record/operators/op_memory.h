// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whose memory a call reads: which call wrote it last, in which thread, or that nobody has since a call made
// it. Memory is known by its storage, which is held weakly: nothing lives longer because it is watched.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/trace/op_call.h"

namespace reprise {

// A call, for as long as it runs.
struct RunningCall {
  std::int64_t thread = 0;  // its number in the window
  std::string thread_name;  // "" it trains
  std::string name;         // of the operator
  std::int64_t depth = 0;
  KnownPlace place, forward;  // as OpCall has them
};

class OpMemory {
 public:
  // What is known of the memory of an input, as the call begins.
  struct Found {
    Seen seen = Seen::content;
    std::string writer;       // of unwritten memory, the operator that made it
    KnownPlace place;         // where that was called
    std::uint64_t ended = 0;  // how often other threads have ended writing to it
  };
  Found read(const at::Tensor& tensor, const RunningCall& call);
  // As the call ends: who of another thread wrote to it meanwhile; "" nobody. A call may also write what its
  // schema does not say: then memory that was unwritten counts as written.
  std::string changed_since(const c10::StorageImpl& storage, const RunningCall& call, const Found& before);

  // `overwritten`: it is not read, so that until the end of the call what it holds means nothing.
  void begin_write(const at::Tensor& tensor, bool overwritten, const RunningCall& call);
  void end_write(const void* storage, const RunningCall& call);  // as storage_of() names it
  // A result: memory that the call wrote, or made without writing it (`filled`: LibTorch filled it so that it
  // always holds the same).
  void wrote(const at::Tensor& tensor, const RunningCall& call);
  void made(const at::Tensor& tensor, bool filled, const RunningCall& call);
  void resized(const at::Tensor& tensor);  // as much of it as is new holds nothing
  // Whether it is still alive and holds what it held when it was made.
  bool still_unwritten(const void* storage);

  static const void* storage_of(const at::Tensor& tensor) { return tensor.storage().unsafeGetStorageImpl(); }

 private:
  struct Memory {
    // Keeps the key from standing for another one.
    c10::weak_intrusive_ptr<c10::StorageImpl> storage;
    // `there`: on a device, where nobody looks whether it was written meanwhile by what is no call.
    bool fresh = false, filled = false, hidden = false, there = false;
    Digest content = {};  // while it is fresh and here: as it was when it was made
    std::int64_t last = -1;
    std::string writer = {}, maker = {};
    KnownPlace written_at = {}, made_at = {};
    struct Writes {
      std::uint64_t begun = 0, ended = 0;
    };
    std::map<std::int64_t, Writes> writes = {};  // by thread
  };
  Memory& memory_of(const at::Tensor& tensor, bool* is_new = nullptr);
  static bool unchanged(const Memory& memory, const c10::StorageImpl& storage);
  static Memory::Writes others(const Memory& memory, std::int64_t thread);
  static void write(Memory& memory, const RunningCall& call);

  std::mutex lock_;
  std::unordered_map<const void*, Memory> all_;
};

}  // namespace reprise
