// SPDX-License-Identifier: Apache-2.0
#pragma once
// A probe is one operator, and its backward pass, on inputs of its own: does it repeat, and what moves its
// bits? A file of probes/operators holds one: which inputs, and the call. All else (repeats, where inputs lie
// in memory, what lay there before, rows alone, several first callers at once) is the same for each
// (probes/probing.h).
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "harness/base/shelf.h"
#include "harness/base/words.h"
#include "harness/record/state.h"
#include "probes/drawing.h"

namespace reprise {

// What kind of operator it is, for people who read a table of many.
enum class Family {
  elementwise,
  indexing,
  reduction,
  normalization,
  convolution,
  product,
  attention,
  recurrent,
  pooling,
  resampling,
  loss,
  ordering,
  factorization,
  optimizer,
  random
};
std::span<const Word<Family>> words_of(Family family);

// What a call is given: the inputs by name, and the plan's seed.
class Given {
 public:
  Given(const Tensors& inputs, std::uint64_t seed) : inputs_(inputs), seed_(seed) {}
  // An Error for a name that is none of the inputs.
  const at::Tensor& operator[](std::string_view name) const;
  // LibTorch's generators start anew from the plan's seed: before each call of an operator that draws.
  void seed_generators() const;
  std::uint64_t seed() const { return seed_; }

 private:
  const Tensors& inputs_;
  std::uint64_t seed_;
};

struct Probe {
  const char* summary;
  Family family;
  // Every number of an input comes from `drawing`, or from exact arithmetic on what does.
  Tensors (*inputs)(const Drawing& drawing);
  // The operator. Inputs stay as they are: one that writes into its argument is given a copy.
  Tensors (*call)(const Given& given);
  // Inputs, such as "x weight", whose gradients are results too: of the first result, from a gradient that is
  // drawn.
  std::string_view gradients = "";
  // Inputs whose first dimension are the rows of a batch, which the first result and the gradients of these
  // inputs have too; row i of these depends on row i of the inputs alone. "": it has no such rows.
  std::string_view rows = "";
  // Whether it takes random numbers from LibTorch's generator; its call seeds that first.
  bool draws = false;
};

Shelf<Probe> probes_shelf();

}  // namespace reprise
