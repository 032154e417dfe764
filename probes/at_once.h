// SPDX-License-Identifier: Apache-2.0
#pragma once
// One call made by several threads of the process at the same time, or beside threads that keep cores busy.
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "harness/record/state.h"

namespace reprise {

// Each thread waits until all have started, then calls. The results of all, in order: "caller 1/out". What a
// call throws is thrown here, after every thread has ended.
Tensors called_at_once(std::int64_t callers, const std::function<Tensors()>& call);

// Threads that compute nothing as fast as they can, so that those of a call have to wait for cores; they end
// with it.
class BusyThreads {
 public:
  explicit BusyThreads(std::int64_t threads);

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace reprise
