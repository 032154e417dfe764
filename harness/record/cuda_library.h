// SPDX-License-Identifier: Apache-2.0
#pragma once
// libreprise_cuda.so, loaded and tried out.
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "harness/record/cuda/plugin.h"

namespace reprise {

// The library's functions, or a sentence about why there are none. Loaded once in a process, from
// $REPRISE_CUDA_LIBRARY, else from ../lib beside the program.
struct CudaLibrary {
  const reprise_cuda_functions* functions = nullptr;
  std::string trouble;
};
const CudaLibrary& cuda_library();

// One device's session, opened and self-tested at the first call for it, kept until the process ends
// (LibTorch's own threads may outlive main()). `trouble` is set for good once something failed.
struct CudaDigester {
  std::mutex lock;  // of what follows: threads of a script share the device
  reprise_cuda_session* session = nullptr;
  std::string trouble;
};
// `stream`: the native handle of a stream of the device.
CudaDigester& cuda_digester(int device, void* stream);

}  // namespace reprise
