// SPDX-License-Identifier: Apache-2.0
#pragma once
// What reprise needs of CUPTI, NVIDIA's library that tells which kernels a process launches. Declared here,
// since the recorder is compiled where CUPTI's headers are not; a test compares it with the headers where
// they are. Of a kernel's record only its beginning is read, which has been the same from CUDA 11.0 on.
#include <cstddef>
#include <cstdint>

namespace reprise::cupti {

using Result = int;
inline constexpr Result success = 0, hardware_busy = 26, insufficient_privileges = 35,
                        multiple_subscribers = 39, virtualized_insufficient_privileges = 40;

// Of an activity.
inline constexpr int kind_driver = 4, kind_runtime = 5, kind_kernel = 10, kind_external = 39;
// Of ids that are pushed; LibTorch's profiler takes the two custom ones before it.
inline constexpr int external_custom2 = 5;
inline constexpr std::uint32_t flush_forced = 1;

struct Record {
  std::int32_t kind;
};

// The beginning of CUpti_ActivityKernel4 and all later ones.
struct KernelRecord {
  std::int32_t kind;
  std::uint8_t cache, shared_memory_setting;
  std::uint16_t registers;
  std::int32_t partitioned_cache[2];
  std::uint64_t start, end, completed;
  std::uint32_t device, context, stream;
  std::int32_t grid[3], block[3];
  std::int32_t static_shared, dynamic_shared;
  std::uint32_t local_per_thread, local_total;
  std::uint32_t correlation;
  std::int64_t grid_id;
  const char* name;
};
static_assert(offsetof(KernelRecord, grid) == 52 && offsetof(KernelRecord, correlation) == 92 &&
              offsetof(KernelRecord, name) == 104);

// Which pushed id a call of CUDA belongs to.
struct ExternalRecord {
  std::int32_t kind, external_kind;
  std::uint64_t id;
  std::uint32_t correlation, reserved;
};
static_assert(sizeof(ExternalRecord) == 24);

// Versions count up to CUDA 12.9; from 13.0 on they are 130000 and so on. Another major one may have another
// record.
constexpr bool is_known(std::uint32_t version) {
  return (version >= 13 && version < 100) || (version >= 130000 && version < 140000);
}

using RequestBuffer = void (*)(std::uint8_t** buffer, std::size_t* bytes, std::size_t* most_records);
using BufferFull = void (*)(void* context, std::uint32_t stream, std::uint8_t* buffer, std::size_t bytes,
                            std::size_t valid);

struct Functions {
  Result (*version)(std::uint32_t* version) = nullptr;
  Result (*result_text)(Result result, const char** text) = nullptr;
  Result (*register_callbacks)(RequestBuffer request, BufferFull full) = nullptr;
  Result (*enable)(int kind) = nullptr;
  Result (*disable)(int kind) = nullptr;
  Result (*flush_all)(std::uint32_t flag) = nullptr;
  Result (*next_record)(std::uint8_t* buffer, std::size_t valid, Record** record) = nullptr;
  Result (*push)(int kind, std::uint64_t id) = nullptr;
  Result (*pop)(int kind, std::uint64_t* last) = nullptr;
};

}  // namespace reprise::cupti
