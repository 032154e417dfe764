// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the words of one statement to an Instruction. The names of operands are resolved by whoever knows
// them.
#include <functional>
#include <string>
#include <vector>

#include "fake_cuda/ptx_kernel.h"

namespace reprise::fake_cuda {

// What a decoder may ask of the kernel that is being read.
class Names {
 public:
  virtual ~Names() = default;
  virtual int row_of(const std::string& operand) = 0;  // a register, number, variable or special register
  virtual int bits_of(int row) const = 0;
  virtual std::size_t label(const std::string& name) = 0;  // a number for it; its place is filled in later
};

// Throws a Fault for an opcode, modifier or operand that is not known.
Instruction decode(const std::string& statement, Names& names);

}  // namespace reprise::fake_cuda
