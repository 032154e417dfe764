// SPDX-License-Identifier: Apache-2.0
#pragma once
// One operator call as a trace keeps it: which operator, where in the step, and digests of what it was given
// and what it left behind. Calls nest: aten::linear calls aten::addmm, which is a call of its own, one
// deeper. Two runs are compared call by call: same role, same order.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trace/digest.h"

namespace reprise {

// What a step is doing. `begin` is before step 1; `evaluate` takes metrics.
enum class Phase { begin, forward, backward, optimizer, evaluate };
inline constexpr std::size_t phase_count = 5;
inline constexpr std::array<std::string_view, phase_count> phase_names = {"begin", "forward", "backward",
                                                                          "optimizer", "evaluate"};
inline std::string_view name_of(Phase phase) { return phase_names[static_cast<std::size_t>(phase)]; }

// How much is known of a tensor of a call.
enum class Seen {
  content,        // digested
  view,           // an output that shares an input's memory: not digested again
  uninitialised,  // an output nobody has written yet (aten::empty): its content means nothing
  small,          // below the window's smallest size: not digested
  unobserved,     // no plain memory on the CPU (undefined, sparse, a library's own layout): not digested
};
inline constexpr std::size_t seen_count = 5;

struct OpTensor {
  Digest digest;      // all zero unless `seen` is content
  std::string dtype;  // safetensors name; LibTorch's own for one safetensors lacks; "" undefined
  std::vector<std::int64_t> shape;  // elements per axis
  Seen seen = Seen::content;
  bool operator==(const OpTensor&) const = default;
};

struct OpCall {
  std::int64_t step = 0;
  Phase phase = Phase::forward;
  std::int64_t role = 0;   // 0: the thread that trains; others by the order in which they first called
  std::int64_t order = 0;  // of the call's start, within its step and role, from 0
  std::int64_t depth = 0;  // how many recorded calls it is inside of
  std::int64_t sequence =
      -1;               // LibTorch's autograd sequence number: a backward call has its forward's; -1 none
  std::string name;     // with its overload: "aten::add.Tensor"
  std::string scope;    // the recipe's name for the place, "h.0/attn"; "" where it gives none
  std::string scalars;  // the other arguments, by name: "alpha=-0x1.999999999999ap-4 dim=[1,2]"
  std::vector<OpTensor> inputs;   // in the order of the arguments, lists laid out flat
  std::vector<OpTensor> outputs;  // results, then arguments that it wrote and did not return
  bool operator==(const OpCall&) const = default;
};

}  // namespace reprise
