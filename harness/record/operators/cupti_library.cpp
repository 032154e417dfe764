// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/cupti_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>

#include "harness/record/libraries.h"

namespace reprise {
namespace {

constexpr const char* cupti_names[] = {"libcupti.so.13", "libcupti.so.12", "libcupti.so"};

void* load_cupti(std::string& trouble) {
  if (const char* named = std::getenv("REPRISE_CUPTI_LIBRARY")) {
    void* library = ::dlopen(named, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) trouble = fmt::format("CUPTI does not load: {}", ::dlerror());
    return library;
  }
  for (const char* name : cupti_names)
    if (void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD)) return library;
  for (const auto& path : cupti_beside(torch_libraries_folder()))
    if (void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  for (const char* name : cupti_names)
    if (void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return library;
  trouble = "there is no libcupti.so; pip install nvidia-cuda-cupti brings it";
  return nullptr;
}

template <class Function>
bool find_in(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

bool find_functions(void* library, cupti::Functions& found) {
  return find_in(library, "cuptiGetVersion", found.version) &&
         find_in(library, "cuptiGetResultString", found.result_text) &&
         find_in(library, "cuptiActivityRegisterCallbacks", found.register_callbacks) &&
         find_in(library, "cuptiActivityEnable", found.enable) &&
         find_in(library, "cuptiActivityDisable", found.disable) &&
         find_in(library, "cuptiActivityFlushAll", found.flush_all) &&
         find_in(library, "cuptiActivityGetNextRecord", found.next_record) &&
         find_in(library, "cuptiActivityPushExternalCorrelationId", found.push) &&
         find_in(library, "cuptiActivityPopExternalCorrelationId", found.pop);
}

CuptiLibrary loaded_cupti() {
  CuptiLibrary cupti;
  void* library = load_cupti(cupti.trouble);
  if (library == nullptr) return cupti;
  std::uint32_t version = 0;
  if (!find_functions(library, cupti.functions)) {
    cupti.trouble = "this libcupti.so lacks a function that CUDA 11 has";
  } else if (const auto result = cupti.functions.version(&version); result != cupti::success) {
    cupti.trouble = cupti_trouble(cupti.functions, "say its version", result);
  } else if (!cupti::is_known(version)) {
    cupti.trouble = fmt::format("wanted the CUPTI of CUDA 11, 12 or 13, found version {}", version);
  }
  return cupti;
}

// The driver's library if something in this process has loaded it. With CUDA in use something has.
void* loaded_driver() { return ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD); }

}  // namespace

const CuptiLibrary& cupti_library() {
  static const auto* library = new CuptiLibrary(loaded_cupti());
  return *library;
}

std::vector<std::filesystem::path> cupti_beside(const std::filesystem::path& torch_libraries) {
  const auto packages = torch_libraries.parent_path().parent_path() / "nvidia";
  return {packages / "cu13/lib/libcupti.so.13", packages / "cuda_cupti/lib/libcupti.so.12"};
}

std::string cupti_trouble(const cupti::Functions& functions, const char* what, cupti::Result result) {
  const char* text = nullptr;
  functions.result_text(result, &text);
  const std::string words = text != nullptr ? text : std::to_string(result);
  switch (result) {
    case cupti::multiple_subscribers:
    case cupti::hardware_busy:
      return fmt::format("another profiler has CUPTI ({})", words);
    case cupti::insufficient_privileges:
    case cupti::virtualized_insufficient_privileges:
      return fmt::format("this user may not ask which kernels run ({})", words);
    default:
      return fmt::format("CUPTI does not {} ({})", what, words);
  }
}

bool cuda_in_use() {
  void* driver = loaded_driver();
  if (driver == nullptr) return false;
  int (*count)(int*) = nullptr;
  int (*state)(int, unsigned*, int*) = nullptr;
  if (!find_in(driver, "cuDeviceGetCount", count) || !find_in(driver, "cuDevicePrimaryCtxGetState", state))
    return false;
  int devices = 0;
  if (count(&devices) != 0) return false;  // nobody has started the driver
  for (int device = 0; device < devices; ++device) {
    unsigned flags = 0;
    int active = 0;
    if (state(device, &flags, &active) == 0 && active != 0) return true;
  }
  return false;
}

void wait_for_cuda() {
  int (*wait)() = nullptr;
  if (void* driver = loaded_driver(); driver != nullptr && find_in(driver, "cuCtxSynchronize", wait)) wait();
}

}  // namespace reprise
