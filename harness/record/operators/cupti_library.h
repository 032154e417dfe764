// SPDX-License-Identifier: Apache-2.0
#pragma once
// libcupti.so, found and loaded; and whether this process uses CUDA at all.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/record/operators/cupti_abi.h"

namespace reprise {

// The library's functions, or a sentence about why there are none.
struct CuptiLibrary {
  cupti::Functions functions;
  std::string trouble;
};
// Loaded once in a process: what $REPRISE_CUPTI_LIBRARY names, else the one that LibTorch has loaded already,
// else that of the wheels beside it, else what the dynamic linker finds. Not to be called without CUDA.
const CuptiLibrary& cupti_library();

// Where the wheels of CUPTI lie, seen from the folder of libtorch_cpu.so.
std::vector<std::filesystem::path> cupti_beside(const std::filesystem::path& torch_libraries);

// What CUPTI answered when it was asked to `what`, as a sentence without a full stop.
std::string cupti_trouble(const cupti::Functions& functions, const char* what, cupti::Result result);

// Whether CUDA runs on some device in this process. Loads and starts nothing.
bool cuda_in_use();
// Waits until the calling thread's device has done what it was given.
void wait_for_cuda();

}  // namespace reprise
