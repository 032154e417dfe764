// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kernels of LibTorch's own, which hold no PTX to interpret, as functions of the host: only what capturing a
// CUDA graph needs.
#include <functional>
#include <string>

#include "fake_cuda/runtime/runtime.h"

namespace reprise::fake_cuda {

// What the launch does, from its arguments as they are at the call; null for a kernel without a twin.
std::function<void()> twin_of(Runtime& runtime, const std::string& kernel, void** arguments);

}  // namespace reprise::fake_cuda
