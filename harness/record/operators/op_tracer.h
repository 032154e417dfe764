// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sees every operator that LibTorch's dispatcher calls: which, where, and digests of what went in and came
// out. One callback is registered once and switched off outside a window, so that a step nobody looks at
// costs nothing. Tensors' memory is read as it lies: no operator runs, no tensor is held across calls, no
// random number is drawn.
#include <ATen/record_function.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "harness/plan/plan.h"
#include "harness/trace/op_call.h"

namespace reprise {

// While it lives, calls are recorded, if the plan's window holds the step; else it does nothing. One at a
// time in a process. The thread that makes it, or that said last how it goes on, is the one that trains.
class OpWindow {
 public:
  // `call_file`: where the call that the plan wants kept (watch.dump) is written, see call_file.h.
  OpWindow(const Watch& watch, std::int64_t step, const std::filesystem::path& call_file);
  ~OpWindow();
  OpWindow(const OpWindow&) = delete;
  OpWindow& operator=(const OpWindow&) = delete;

  bool awake() const { return awake_; }
  // What was recorded, by role, then order; the window ends. An Error if a call could not be recorded (torch
  // would swallow it), or if the call to be kept was not made.
  std::vector<OpCall> take();
  // The same, but from here on all calls belong to `step`, if the plan's window holds that too: nothing that
  // another thread calls between two steps is lost. A call that such a thread is inside of belongs to the
  // step in which it ends.
  std::vector<OpCall> go_on(std::int64_t step);

 private:
  std::vector<OpCall> take_until(std::optional<std::int64_t> next);

  Watch watch_;
  bool awake_ = false;
};

// A recipe's name for a part of its step, for as long as the object lives: scopes nest ("h.0/attn"). Two
// names mean something to the harness: "Optimizer.step" at the beginning (as Python's optimizers have it)
// makes the optimizer phase, "evaluate" the phase of that name. Backward is known without a word. Costs some
// nanoseconds where nobody listens.
class Scope {
 public:
  explicit Scope(const char* name);

 private:
  at::RecordFunction record_;
};

}  // namespace reprise
