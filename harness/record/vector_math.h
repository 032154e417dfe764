// SPDX-License-Identifier: Apache-2.0
#pragma once
// MKL chooses the kernel of each vector-math function (sqrt, exp, tanh and so on, float and double) at its
// first call. Where several threads make that call at once, one may run a kernel of lower accuracy, once
// (PyTorch issue 188792). So each is called here first, on one thread.
#include <string>
#include <string_view>

namespace reprise {

// Calls each function that LibTorch may hand to MKL, on a few numbers. Draws no random number, leaves no
// setting changed.
void warm_vector_math();
// Which ones: "acos asin ... (float, double)"; "" if that was not asked for.
std::string warmed_vector_math();

// The pin: "on" warms, unless that was done; "off" asks for nothing. A process that was warmed stays so.
void set_vector_math_warmup(std::string_view value);
std::string vector_math_warmup();

}  // namespace reprise
