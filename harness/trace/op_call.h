// SPDX-License-Identifier: Apache-2.0
#pragma once
// One operator call as a trace keeps it: which operator, where in the step, and digests of what it was given
// and what it left behind. Calls nest: aten::linear calls aten::addmm, which is a call of its own, one
// deeper. Two runs are compared call by call: same thread, same order.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/phase.h"
#include "harness/tables/code_place.h"
#include "harness/tables/kernel_launch.h"
#include "harness/tensor/digest.h"

namespace reprise {

// How much is known of a tensor of a call.
enum class Seen {
  content,        // digested
  view,           // an output that shares an input's memory: not digested again
  uninitialised,  // an output nobody has written yet (aten::empty): its content means nothing
  small,          // below the window's smallest size: not digested
  unobserved,     // no plain memory (undefined, sparse, a library's own layout), or written by another
                  // thread while the call ran, or perhaps after it returned (a collective): not digested
  unwritten,  // an input that some call made and nobody has written since; an output that was still so, and
              // alive, at the end of its step
  hidden,  // an input that the code of the operator around this call made, by no call: whether it is written
           // is not known, so it is not digested
};
inline constexpr std::size_t seen_count = 7;

// The dtype of an input that is not a tensor: the state of the generator that a random operator draws from,
// as it was when the call began. It comes last, and only where the call drew.
inline constexpr std::string_view generator_dtype = "generator";
// OpTensor::writer of memory that a call made and that was written by what is no call.
inline constexpr std::string_view no_operator = "no operator";

struct OpTensor {
  Digest digest;      // all zero unless `seen` is content
  std::string dtype;  // safetensors name; LibTorch's own for one safetensors lacks; "" undefined
  std::vector<std::int64_t> shape;  // elements per axis
  Seen seen = Seen::content;
  // Of an input, who wrote its memory last, where that is not the thread that reads it: "aten::lerp_.Scalar
  // of Thread-1 (average)", or no_operator; "" the same thread, or nobody that was seen.
  std::string writer = {};
  KnownPlace writer_place = {};  // where that call was made; until it is written, as a part of `writer`
  bool operator==(const OpTensor&) const = default;
};

struct OpCall {
  std::int64_t step = 0;
  Phase phase = Phase::forward;
  std::int64_t role = 0;   // 0: the thread that trains; others by their names
  std::int64_t order = 0;  // of the call's start, within its step and role, from 0
  std::int64_t depth = 0;  // how many recorded calls it is inside of
  std::int64_t sequence =
      -1;               // LibTorch's autograd sequence number: a backward call has its forward's; -1 none
  std::string name;     // with its overload: "aten::add.Tensor"
  std::string scope;    // the recipe's name for the place, "h.0/attn"; "" where it gives none
  std::string scalars;  // the other arguments, by name: "alpha=-0x1.999999999999ap-4 dim=[1,2]"
  std::vector<OpTensor> inputs;   // in the order of the arguments, lists laid out flat
  std::vector<OpTensor> outputs;  // results, then arguments that it wrote and did not return
  std::string thread = {};  // its name, "Thread-1 (prefetch)", by which two runs' are matched; "" it trains
  // Those that it launched itself, not the calls inside of it, in the order of their launches. Empty where
  // nobody listened: the fact `kernels.device` says so.
  std::vector<KernelLaunch> kernels = {};
  // Where the script called it, or called what called it; nothing: not known, or no script. Of a call of a
  // backward pass that is where the script began that pass, unless its own code runs within it (a hook, the
  // backward of its own function); then `forward` is where the call was made whose gradient this computes.
  KnownPlace place = {}, forward = {};
  bool operator==(const OpCall&) const = default;
};

}  // namespace reprise
