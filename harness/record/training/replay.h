// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes one kept operator call (trace/call_file.h) again, outside its recipe, with the same memory layout.
#include <filesystem>

namespace reprise {

// Writes tensors output/0, output/1, ... to `out`. With `in_double` floating-point inputs are widened to F64
// first and the outputs are left in F64. A call that cannot be rebuilt is an Error that says why.
void replay(const std::filesystem::path& call, const std::filesystem::path& out, bool in_double);

}  // namespace reprise
