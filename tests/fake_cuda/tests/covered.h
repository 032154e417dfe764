// SPDX-License-Identifier: Apache-2.0
#pragma once
// One check of one instruction of the interpreter against a computation in C++. The lists of checks are run
// by instructions_test.cpp; coverage_test.cpp asks whether the product's kernels use an instruction without a
// check.
#include <functional>
#include <string>
#include <vector>

namespace reprise::fake_cuda {

struct Check {
  std::string instruction;    // Instruction::name
  std::function<void()> run;  // fails through Catch2
};

std::vector<Check> arithmetic_checks();  // every row of operations()
std::vector<Check> memory_checks();      // loads, stores, atomics
std::vector<Check> warp_checks();        // moves, shuffles, votes, barriers, branches

}  // namespace reprise::fake_cuda
