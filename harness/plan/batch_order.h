// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which samples make up the batch of each step, decided by the harness and by nothing else. An epoch is a
// permutation of the samples; it is cut into batches from the front, and the rest that fills no batch is left
// out. Step s (from 1) is batch (s-1) % k of epoch (s-1) / k, with k = samples / batch.
//   seeded      epoch e orders the samples by their 64-bit key Philox{seed, Stream::order, e}.bits64(sample);
//               ties by sample: `sorted(range(n), key=lambda i: (bits64(i), i))`.
//   sequential  0, 1, 2, ... in every epoch.
//   file        line e of a text file holds epoch e's samples, separated by spaces.
//   program     drawn by the program itself: asking here is an Error.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

// The permutation of one epoch under `seeded`.
std::vector<std::uint64_t> seeded_epoch(std::uint64_t seed, std::uint32_t epoch, std::uint64_t samples);

class BatchOrder {
 public:
  // An order from a file that is no permutation, or has too few epochs for the plan's steps, is an Error with
  // the line.
  explicit BatchOrder(const Plan& plan);
  // The samples of step `step` (1 .. plan.steps), plan.batch of them. Steps may be asked for in any order;
  // going forward is cheap.
  std::vector<std::uint64_t> batch(std::int64_t step);

 private:
  const std::vector<std::uint64_t>& epoch(std::uint32_t index);
  std::string kind_;
  std::uint64_t seed_, samples_, batch_;
  std::int64_t steps_;
  std::vector<std::vector<std::uint64_t>> from_file_;
  std::int64_t current_ = -1;
  std::vector<std::uint64_t> permutation_;
};

}  // namespace reprise
