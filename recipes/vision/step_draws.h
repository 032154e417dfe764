// SPDX-License-Identifier: Apache-2.0
#pragma once
// The random numbers of a step: noise, times, dropped conditions. Each is keyed by step, place in the batch
// and place in the tensor, and each kind has numbers of its own, so that nothing depends on what was drawn
// before or is drawn beside. Where the pin rng says so, LibTorch's generator of the device draws instead.
#include "harness/record/training/program.h"

namespace reprise {

class StepDraws {
 public:
  // `kind` tells apart what one stream is used for.
  StepDraws(const Setup& setup, Stream stream, std::uint32_t kind)
      : setup_(setup), stream_(stream), kind_(kind) {}
  // Float32 of `shape`, the same number of elements at every step, on the run's device. Mean 0 and variance
  // 1; or in [0, 1).
  at::Tensor normal(std::int64_t step, at::IntArrayRef shape) const;
  at::Tensor uniform(std::int64_t step, at::IntArrayRef shape) const;
  // I64 of [count] below `limit`, from uniform().
  at::Tensor below(std::int64_t limit, std::int64_t step, std::int64_t count) const;

 private:
  const Setup& setup_;
  Stream stream_;
  std::uint32_t kind_;
};

// The same numbers under every seed, on the CPU: for evaluations, so that losses can be compared.
at::Tensor fixed_normal(std::uint32_t kind, at::IntArrayRef shape);

}  // namespace reprise
