// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/gpu_calls.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdint>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

// What of a device is one number, and its number in CUdevice_attribute.
struct Attribute {
  int which;
  int Gpu::*into;
};
constexpr Attribute attributes[] = {
    {75, &Gpu::major}, {76, &Gpu::minor}, {16, &Gpu::processors}, {39, &Gpu::threads_per_processor}};
constexpr Attribute further_attributes[] = {
    {13, &Gpu::clock}, {36, &Gpu::memory_clock}, {38, &Gpu::l2_cache}};
constexpr int ecc_enabled = 32;

// CUresult of cuInit and cuDeviceGetCount, in words.
std::string start_trouble(int result) {
  switch (result) {
    case 34:
      return "libcuda.so.1 is a stub without a driver (CUDA error 34); take the stubs folder off "
             "LD_LIBRARY_PATH";
    case 100:
      return "the NVIDIA driver finds no GPU (CUDA error 100); see nvidia-smi, CUDA_VISIBLE_DEVICES, and "
             "whether a GPU in MIG mode has a slice made";
    case 802:
      return "the GPUs are not ready yet (CUDA error 802); see whether nvidia-fabricmanager runs";
    case 803:
      return "the NVIDIA driver's library and its kernel module are of two versions (CUDA error 803); load "
             "the module again or restart the machine";
    case 804:
      return "CUDA's compatibility libraries do not serve this GPU (CUDA error 804); take them off "
             "LD_LIBRARY_PATH";
    default:
      return fmt::format("the NVIDIA driver does not start (CUDA error {}); see nvidia-smi", result);
  }
}

std::string uuid_text(const std::array<unsigned char, 16>& bytes) {
  std::string text = hex(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, "-");
  return text;
}

// The driver gives a slice's bytes and a whole GPU's alike; the management library knows which they are.
void name_uuid(const ManagementCalls& management, const std::string& digits, Gpu& gpu) {
  gpu.uuid = "GPU-" + digits;
  gpu.mig = "unknown";
  ManagedDevice device = nullptr;
  if (management.by_uuid == nullptr) return;
  if (management.by_uuid(gpu.uuid.c_str(), &device) == 0) {
    gpu.mig = "off";
  } else if (management.by_uuid(("MIG-" + digits).c_str(), &device) == 0) {
    gpu.uuid = "MIG-" + digits;
    gpu.mig = "slice";
  }
}

// "" and the GPU, or what went wrong.
std::string read_gpu(const DriverCalls& driver, const ManagementCalls& management, int index, Gpu& gpu) {
  int handle = 0;
  std::string name(256, '\0');
  std::array<unsigned char, 16> bytes{};
  std::size_t memory = 0;
  int result = driver.device(&handle, index);
  if (result == 0) result = driver.name(name.data(), static_cast<int>(name.size()), handle);
  if (result == 0) result = driver.uuid(&bytes, handle);
  if (result == 0) result = driver.memory(&memory, handle);
  for (const auto& attribute : attributes)
    if (result == 0) result = driver.attribute(&(gpu.*attribute.into), attribute.which, handle);
  if (result != 0)
    return fmt::format("the NVIDIA driver does not tell of GPU {} (CUDA error {}); see nvidia-smi", index,
                       result);
  for (const auto& attribute : further_attributes)
    if (driver.attribute(&(gpu.*attribute.into), attribute.which, handle) != 0) gpu.*attribute.into = 0;
  gpu.index = index;
  gpu.name = name.substr(0, name.find('\0'));
  gpu.memory = memory;
  int ecc = 0;
  gpu.ecc = driver.attribute(&ecc, ecc_enabled, handle) != 0 ? "unknown" : ecc != 0 ? "on" : "off";
  name_uuid(management, uuid_text(bytes), gpu);
  return "";
}

template <class Function>
void find(void* library, const char* name, Function& into) {
  into = reinterpret_cast<Function>(::dlsym(library, name));
}

DriverCalls open_driver() {
  DriverCalls calls;
  void* library = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return calls;
  find(library, "cuInit", calls.init);
  find(library, "cuDriverGetVersion", calls.version);
  find(library, "cuDeviceGetCount", calls.count);
  find(library, "cuDeviceGet", calls.device);
  find(library, "cuDeviceGetName", calls.name);
  find(library, "cuDeviceGetUuid_v2", calls.uuid);
  find(library, "cuDeviceGetAttribute", calls.attribute);
  find(library, "cuDeviceTotalMem_v2", calls.memory);
  return calls;
}

ManagementCalls open_management() {
  ManagementCalls calls;
  void* library = ::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return calls;
  find(library, "nvmlInit_v2", calls.init);
  if (calls.init == nullptr || calls.init() != 0) return {};
  find(library, "nvmlSystemGetDriverVersion", calls.driver_version);
  find(library, "nvmlDeviceGetHandleByUUID", calls.by_uuid);
  find(library, "nvmlDeviceGetClockInfo", calls.clock);
  find(library, "nvmlDeviceGetPerformanceState", calls.power_state);
  find(library, "nvmlDeviceGetPowerUsage", calls.power);
  find(library, "nvmlDeviceGetEnforcedPowerLimit", calls.power_limit);
  find(library, "nvmlDeviceGetTemperature", calls.temperature);
  find(library, "nvmlDeviceGetCurrentClocksThrottleReasons", calls.throttling);
  return calls;
}

}  // namespace

bool DriverCalls::complete() const {
  return init != nullptr && version != nullptr && count != nullptr && device != nullptr && name != nullptr &&
         uuid != nullptr && attribute != nullptr && memory != nullptr;
}

GpuList list_gpus(const DriverCalls& driver, const ManagementCalls& management) {
  GpuList list;
  if (!driver.complete()) {
    list.trouble =
        "this libcuda.so.1 lacks calls that every driver since CUDA 11.4 has; install a newer "
        "NVIDIA driver";
    return list;
  }
  std::string version(96, '\0');
  if (management.driver_version != nullptr &&
      management.driver_version(version.data(), static_cast<unsigned>(version.size())) == 0)
    list.driver = version.substr(0, version.find('\0'));
  int count = 0;
  int result = driver.init(0);
  if (result == 0) result = driver.version(&list.cuda);
  if (result == 0) result = driver.count(&count);
  if (result == 0 && count == 0) result = 100;
  if (result != 0) {
    list.trouble = start_trouble(result);
    return list;
  }
  for (int index = 0; index < count && list.trouble.empty(); ++index)
    list.trouble = read_gpu(driver, management, index, list.gpus.emplace_back());
  if (!list.trouble.empty()) list.gpus.clear();
  return list;
}

std::map<std::string, std::string> remarks_of(const ManagementCalls& management, const std::string& uuid) {
  std::map<std::string, std::string> remarks;
  ManagedDevice device = nullptr;
  if (management.by_uuid == nullptr || management.by_uuid(uuid.c_str(), &device) != 0) return remarks;
  unsigned value = 0;
  constexpr std::pair<unsigned, const char*> clocks[] = {{0, "graphics"}, {1, "sm"}, {2, "memory"}};
  for (const auto& [which, name] : clocks)
    if (management.clock != nullptr && management.clock(device, which, &value) == 0)
      remarks[fmt::format("clock.{}", name)] = fmt::format("{} MHz", value);
  int state = 0;
  if (management.power_state != nullptr && management.power_state(device, &state) == 0)
    remarks["power.state"] = fmt::format("P{}", state);
  if (management.power != nullptr && management.power(device, &value) == 0)
    remarks["power.drawn"] = fmt::format("{:.1f} W", value / 1000.0);
  if (management.power_limit != nullptr && management.power_limit(device, &value) == 0)
    remarks["power.limit"] = fmt::format("{:.1f} W", value / 1000.0);
  if (management.temperature != nullptr && management.temperature(device, 0, &value) == 0)
    remarks["temperature"] = fmt::format("{} degrees Celsius", value);
  unsigned long long reasons = 0;
  if (management.throttling != nullptr && management.throttling(device, &reasons) == 0)
    remarks["throttling"] = fmt::format("{:#x}", reasons);
  return remarks;
}

const OpenedCalls& opened_calls() {
  static const OpenedCalls calls{open_driver(), open_management()};
  return calls;
}

std::string no_driver(const std::string& kernel_driver) {
  if (kernel_driver.empty())
    return "no NVIDIA driver is on this machine (no libcuda.so.1, no /proc/driver/nvidia)";
  return "the NVIDIA kernel module is loaded, but its library libcuda.so.1 is not to be found; in a "
         "container, start it with the GPU handed in";
}

}  // namespace reprise
