// SPDX-License-Identifier: Apache-2.0
#pragma once
// The state of a generator, as an input of the random operator that draws from it.
#include <ATen/core/Generator.h>
#include <ATen/core/ivalue.h>

#include <optional>

#include "harness/trace/op_call.h"

namespace reprise {

// The generator that these inputs make an operator draw from: the one that was handed over, else the default
// one; nothing if it is none of the CPU's.
std::optional<at::Generator> generator_of(c10::ArrayRef<const c10::IValue> inputs);
// As it is now; not observed for none, or while another thread draws from it. No number is drawn.
OpTensor state_of(const std::optional<at::Generator>& generator);

}  // namespace reprise
