// SPDX-License-Identifier: Apache-2.0
#pragma once
// How this process's processor and C library compute where processors may differ: estimates of reciprocals,
// products that are added without rounding between, numbers near zero, and the functions of <cmath>. Measured
// on fixed inputs, so that two machines (or a machine and its emulation) can be told apart by what they do
// rather than by their names.
#include "harness/machine/facts.h"

namespace reprise {

// "arithmetic.rsqrtps" -> "12 good bits, 3f9c0a12" and so on; the same in every process of one processor and
// C library.
Facts arithmetic_facts();

// Of what an instruction estimates against what it should give: how many leading bits are right at its worst
// input.
int good_bits(double worst_relative_error);

// Processors give 11 or 12 bits of a reciprocal square root; QEMU computes it in full. `wrong_roots`: of the
// square roots that LibTorch gave, those that were not rounded correctly: only a root refined from such an
// estimate has any. A sentence where both hold, so that the roots are no processor's; else "".
std::string emulator_artefact(int rsqrt_bits, int wrong_roots);

// Good bits of RSQRTPS; 0 where there is no such instruction.
int rsqrt_bits();

}  // namespace reprise
