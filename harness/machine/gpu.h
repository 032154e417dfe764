// SPDX-License-Identifier: Apache-2.0
#pragma once
// The NVIDIA GPUs of this machine, as the driver's own libraries tell of them. Nothing of CUDA is linked: the
// libraries are opened when somebody asks. Where no GPU can be used, one sentence says why; that is data, no
// Error.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct Gpu {
  int index = 0;                  // as CUDA numbers them in this process
  std::string name;               // "NVIDIA H100 80GB HBM3"
  std::string uuid;               // "GPU-8f0f6c5e-..."; of a MIG slice "MIG-..."
  int major = 0, minor = 0;       // compute capability: 9 and 0
  int processors = 0;             // streaming multiprocessors that this process sees
  int threads_per_processor = 0;  // most threads that one of them holds
  std::uint64_t memory = 0;       // bytes
  // Highest clocks in kHz, and bytes of the second-level cache; 0 where the driver does not say.
  int clock = 0, memory_clock = 0, l2_cache = 0;
  std::string ecc;  // "on", "off" or "unknown"
  std::string mig;  // "off", "slice" (a part of a GPU) or "unknown"
};

struct GpuList {
  std::string trouble;  // why no GPU can be used here, as a clause without a full stop; "" if one can
  std::string driver;   // "580.159"; "" where it does not say
  int cuda = 0;         // the newest CUDA the driver knows: 13000 for 13.0
  std::vector<Gpu> gpus;
};

// Below this compute capability neither CUDA 13 nor the digest on the device runs.
inline constexpr int least_major = 7, least_minor = 5;

// Asks once and keeps the answer: the driver numbers GPUs by the environment of that moment
// (CUDA_VISIBLE_DEVICES, CUDA_DEVICE_ORDER).
const GpuList& gpus_here();

// The GPU that a value of the pin `device` names: "cuda" (the first), "cuda:1" (by number), "cuda:GPU-8f0f"
// (by UUID or a beginning of it that fits one alone) or "cuda:H100" (the first whose name holds that, in
// capitals or not). `trouble` says why there is none.
struct GpuChoice {
  std::optional<Gpu> gpu;
  std::string trouble;
};
GpuChoice pick_gpu(const GpuList& list, std::string_view device);

// Why the driver cannot serve programs built for CUDA `toolkit` (13000 for 13.0), or "".
std::string too_old_for(const GpuList& list, int toolkit);

// "cuda:0 NVIDIA H100 80GB HBM3, compute capability 9.0, 132 processors".
std::string to_sentence(const Gpu& gpu);
// "13.0" for 13000.
std::string cuda_version_text(int version);

// What changes by the minute: clocks, power state, temperature, throttling; "clock.sm" -> "1980 MHz". Empty
// where the driver does not tell. Never part of a trace.
std::map<std::string, std::string> gpu_remarks(const std::string& uuid);

}  // namespace reprise
