// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the fake device finds wrong with a kernel, or with the calls that led to it. The fake run-time library
// turns it into a CUDA error and prints the sentence on stderr.
#include <stdexcept>

namespace reprise::fake_cuda {

struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace reprise::fake_cuda
