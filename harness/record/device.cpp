// SPDX-License-Identifier: Apache-2.0
#include "harness/record/device.h"

#include <ATen/Context.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <dlfcn.h>

#include <filesystem>
#include <mutex>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/record/libraries.h"
#include "harness/record/skip.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// One process trains on one device.
struct InUse {
  bool chosen = false;
  c10::Device device{c10::kCPU};
  std::optional<Gpu> gpu;
};
InUse& in_use() {
  static InUse state;
  return state;
}

const c10::impl::DeviceGuardImplInterface& cuda() { return *c10::impl::getDeviceGuardImpl(c10::kCUDA); }

std::string for_device(const std::string& trouble, const std::string& device) {
  return fmt::format("device={} cannot be used: {}", device, trouble);
}

void take_stream(const std::string& stream, c10::Device device) {
  if (stream == "pool") cuda().exchangeStream(cuda().getStreamFromGlobalPool(device));
}

// What LibTorch itself says of the GPU that the driver offered.
void check_torch_sees(const Gpu& gpu, const std::string& wanted) {
  const int count = cuda().deviceCount();
  if (gpu.index >= count)
    throw Skip(for_device(
        fmt::format("the driver has {}, but LibTorch sees {} GPUs", to_sentence(gpu), count), wanted));
}

void use_gpu(const Pins& pins) {
  const std::string& wanted = pins.at("device");
  const GpuList& list = gpus_here();
  const GpuChoice choice = pick_gpu(list, wanted);
  if (!choice.gpu) throw Skip(for_device(choice.trouble, wanted));
  if (const std::string old = too_old_for(list, cuda_toolkit()); !old.empty())
    throw Skip(for_device(old, wanted));
  load_torch_cuda();
  check_torch_sees(*choice.gpu, wanted);
  const c10::Device device(c10::kCUDA, static_cast<c10::DeviceIndex>(choice.gpu->index));
  try {
    // Starts CUDA: the first thing that fails where the driver and the GPU do not fit one another.
    at::globalContext().defaultGenerator(device);
    cuda().setDevice(device);
    take_stream(pins.at("stream"), device);
  } catch (const std::exception& error) {
    const std::string message = error.what();
    throw Skip(for_device("CUDA does not start: " + message.substr(0, message.find('\n')), wanted));
  }
  in_use().device = device;
  in_use().gpu = choice.gpu;
}

}  // namespace

void use_device(const Pins& pins) {
  if (pins.at("device") != "cpu") use_gpu(pins);
  in_use().chosen = true;
}

c10::Device device_in_use() { return in_use().device; }

const std::optional<Gpu>& gpu_in_use() { return in_use().gpu; }

std::optional<at::Generator> device_generator() {
  if (!in_use().gpu) return std::nullopt;
  return at::globalContext().defaultGenerator(in_use().device);
}

std::string device_now(std::string_view wanted) {
  if (!in_use().chosen) return std::string(wanted);
  if (!in_use().gpu) return "cpu";
  const c10::Device now = cuda().getDevice();
  return now == in_use().device ? std::string(wanted) : now.str();
}

std::string stream_now(std::string_view wanted) {
  if (!in_use().gpu) return std::string(wanted);
  const c10::Device device = in_use().device;
  return cuda().getStream(device) == cuda().getDefaultStream(device) ? "default" : "pool";
}

void load_torch_cuda() {
  if (::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD) != nullptr) return;
  const fs::path file = torch_libraries_folder() / "libtorch_cuda.so";
  if (!fs::exists(file))
    throw Skip(
        fmt::format("this LibTorch was built without CUDA (no {}); take a torch with CUDA, such as the "
                    "wheel that scripts/setup.sh fetches",
                    file.string()));
  if (::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) throw Skip(loading_trouble(::dlerror()));
}

std::string loading_trouble(const std::string& linker_words) {
  const std::string first = linker_words.substr(0, linker_words.find('\n'));
  const auto colon = first.find(':');
  if (first.find("cannot open shared object file") != std::string::npos && colon != std::string::npos)
    return fmt::format("LibTorch's CUDA half needs {}, which is not here; scripts/setup.sh --cuda fetches it",
                       first.substr(0, colon));
  return fmt::format(
      "LibTorch's CUDA half does not load ({}); its libraries must be the ones its wheel names, "
      "which scripts/setup.sh --cuda fetches",
      first);
}

int cuda_toolkit() {
  using Version = int (*)(int*);
  // LibTorch's CPU half already has the run-time library.
  const auto version = reinterpret_cast<Version>(::dlsym(RTLD_DEFAULT, "cudaRuntimeGetVersion"));
  int toolkit = 0;
  return version != nullptr && version(&toolkit) == 0 ? toolkit : 0;
}

std::optional<GpuTrouble> gpu_trouble(const std::string& message) {
  const std::string first = message.substr(0, message.find('\n'));
  const auto holds = [&](const char* words) { return message.find(words) != std::string::npos; };
  if (holds("CUDA out of memory") || holds("CUDA error: out of memory"))
    return GpuTrouble{true, fmt::format("the GPU has too little free memory for this run; choose a smaller "
                                        "batch or model, or end what else uses it ({})",
                                        first)};
  if (holds("CUDA error") || holds("CUDNN_STATUS_") || holds("cuDNN error") || holds("CUBLAS_STATUS_"))
    return GpuTrouble{false,
                      fmt::format("the GPU failed in the middle of the run, and nothing after that can "
                                  "be trusted; see nvidia-smi and the kernel's log for Xid lines ({})",
                                  first)};
  return std::nullopt;
}

}  // namespace reprise
