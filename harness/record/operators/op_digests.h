// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests of operator calls' tensors that lie on a device: queued there before and after the call, in the
// call's own stream, and set into the calls when the step is taken. No call waits for them, so that what runs
// beside what on the device stays as it was; only when many are on their way, the oldest is waited for.
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "harness/record/operators/op_tensor.h"
#include "harness/record/queued_digests.h"

namespace reprise {

struct ThreadCalls;

class OpDigests {
 public:
  enum class Side { inputs, outputs };
  // Of the call in that row of the thread's calls. What a device cannot digest is unobserved.
  void ask(ThreadCalls& thread, std::size_t row, Side side, const std::vector<WantedDigest>& wanted);
  // Waits for all that was asked for, and sets it. Takes the threads' own locks.
  void settle();

 private:
  struct Coming {
    ThreadCalls* thread;
    std::size_t row;
    Side side;
    std::vector<std::size_t> places;
    std::optional<QueuedDigests> queued;
    std::vector<ContentDigest> found;  // once it was waited for; empty: the device could not
  };
  static void wait_for(Coming& coming);
  static void set(Coming& coming);

  std::mutex lock_;  // of what follows; taken after a thread's own
  std::deque<Coming> coming_;
  std::size_t waited_for_ = 0;  // the oldest ones
};

}  // namespace reprise
