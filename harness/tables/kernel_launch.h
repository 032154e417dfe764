// SPDX-License-Identifier: Apache-2.0
#pragma once
// A CUDA kernel that an operator call launched.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/base/words.h"

namespace reprise {

struct KernelLaunch {
  std::string name;                             // in C++'s words: "void at::native::(anonymous ...)"
  std::array<std::int64_t, 3> grid{}, block{};  // blocks of the grid, threads of a block
  std::int64_t shared = 0;                      // bytes of shared memory of a block, static and dynamic
  std::int64_t registers = 0;                   // of a thread
  std::int64_t count = 1;                       // how often in a row
  bool operator==(const KernelLaunch&) const = default;
};

// Whose kernel it is.
enum class KernelLibrary { unknown, torch, cublas, cutlass, cudnn, triton };
std::span<const Word<KernelLibrary>> words_of(KernelLibrary library);  // "unknown", "LibTorch", "cuBLAS", ...

// As far as its name tells.
KernelLibrary library_of_kernel(std::string_view name);

}  // namespace reprise
