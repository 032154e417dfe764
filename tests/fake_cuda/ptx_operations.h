// SPDX-License-Identifier: Apache-2.0
#pragma once
// The table of arithmetic the interpreter knows, by full opcode ("mad.lo.s32"). A name that is not in it is
// an error, so nothing is ever computed by a rule that no test covers: tests/fake_cuda/arithmetic_test.cpp
// goes through the table, row by row.
#include <string>
#include <vector>

#include "fake_cuda/ptx_kernel.h"

namespace reprise::fake_cuda {

struct Operation {
  Compute compute = nullptr;
  int result_bits = 0;          // 1 for a predicate
  std::vector<int> input_bits;  // one for each input
  bool result_signed = false;   // a wider destination is filled with copies of the sign
};

// All of them, by name.
const std::map<std::string, Operation>& operations();

}  // namespace reprise::fake_cuda
