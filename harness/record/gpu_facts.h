// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who ran, where it ran on a GPU: the card, its driver, and the CUDA libraries. Equal on every run on one
// card; clocks and power state are not among them (gpu_remarks).
#include <filesystem>
#include <vector>

#include "harness/machine/gpu.h"
#include "harness/trace/trace.h"

namespace reprise {

// Versions as the libraries themselves count: 13000 is CUDA 13.0. 0 where there is none.
struct CudaVersions {
  int toolkit = 0;  // that LibTorch was built for
  std::size_t cudnn = 0;
  int cublas[3] = {};
};
CudaVersions loaded_cuda_versions();

// "cuda.toolkit", "cuda.cudnn", "cuda.cublas".
Facts cuda_facts(const CudaVersions& versions);
// Those, and "gpu.name", "gpu.uuid", "gpu.capability", "gpu.processors", ....
Facts gpu_facts(const Gpu& gpu, const GpuList& list, const CudaVersions& versions);

// The parts of cuDNN beside the loaded libcudnn: they are loaded when first used, after facts are gathered.
std::vector<std::filesystem::path> parts_of_cudnn();
// The same for a libcudnn.so.9 at that path.
std::vector<std::filesystem::path> parts_beside(const std::filesystem::path& library);

}  // namespace reprise
