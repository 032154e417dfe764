// SPDX-License-Identifier: Apache-2.0
#include "harness/record/gpu_facts.h"

#include <dlfcn.h>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/record/device.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

template <class Function>
Function loaded(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_DEFAULT, name));
}

std::string digits(std::size_t version) { return version == 0 ? "not loaded" : std::to_string(version); }

}  // namespace

CudaVersions loaded_cuda_versions() {
  CudaVersions versions;
  versions.toolkit = cuda_toolkit();
  if (const auto cudnn = loaded<std::size_t (*)()>("cudnnGetVersion")) versions.cudnn = cudnn();
  // libraryPropertyType: 0 major, 1 minor, 2 patch.
  if (const auto property = loaded<int (*)(int, int*)>("cublasGetProperty"))
    for (int which = 0; which < 3; ++which) property(which, &versions.cublas[which]);
  return versions;
}

Facts cuda_facts(const CudaVersions& versions) {
  Facts facts;
  facts["cuda.toolkit"] = cuda_version_text(versions.toolkit);
  facts["cuda.cudnn"] = digits(versions.cudnn);
  facts["cuda.cublas"] = versions.cublas[0] == 0 ? "not loaded"
                                                 : fmt::format("{}.{}.{}", versions.cublas[0],
                                                               versions.cublas[1], versions.cublas[2]);
  return facts;
}

Facts gpu_facts(const Gpu& gpu, const GpuList& list, const CudaVersions& versions) {
  Facts facts = cuda_facts(versions);
  facts["gpu.index"] = std::to_string(gpu.index);
  facts["gpu.name"] = gpu.name;
  facts["gpu.uuid"] = gpu.uuid;
  facts["gpu.capability"] = fmt::format("{}.{}", gpu.major, gpu.minor);
  facts["gpu.processors"] = std::to_string(gpu.processors);
  facts["gpu.threads_per_processor"] = std::to_string(gpu.threads_per_processor);
  facts["gpu.memory"] = std::to_string(gpu.memory);
  facts["gpu.ecc"] = gpu.ecc;
  facts["gpu.mig"] = gpu.mig;
  facts["gpu.driver"] = list.driver.empty() ? "unknown" : list.driver;
  facts["gpu.driver_cuda"] = cuda_version_text(list.cuda);
  return facts;
}

std::vector<fs::path> parts_beside(const fs::path& library) {
  std::vector<fs::path> parts;
  for (const auto& file : list_folder(library.parent_path()))
    if (file.filename().string().starts_with("libcudnn") && fs::is_regular_file(file)) parts.push_back(file);
  return parts;
}

std::vector<fs::path> parts_of_cudnn() {
  Dl_info found{};
  const auto* inside = ::dlsym(RTLD_DEFAULT, "cudnnGetVersion");
  if (inside == nullptr || ::dladdr(inside, &found) == 0 || found.dli_fname == nullptr) return {};
  return parts_beside(found.dli_fname);
}

}  // namespace reprise
