// SPDX-License-Identifier: Apache-2.0
#pragma once
// The recorder's test of itself, in the very process it is to watch: an operator with known numbers must be
// seen, with the digests of those numbers. A recorder that was built for another torch misreads memory,
// mostly in silence.
#include <cstdint>
#include <memory>

#include "harness/record/operators/op_tracer.h"

namespace reprise {

class RecorderTest {
 public:
  // Watches from here on. An Error if LibTorch's classes have another size than that version is known to
  // have.
  RecorderTest();
  // After an aten::add of a tensor of `values` to itself, which gives `sums`, `count` of each. An Error that
  // says which check failed.
  void end(const float* values, const float* sums, std::int64_t count);

 private:
  std::unique_ptr<OpWindow> window_;
};

// Counts the operator calls of the dispatcher, of all threads, for a while.
void count_calls();
std::int64_t calls_counted();  // since then; ends it

}  // namespace reprise
