// SPDX-License-Identifier: Apache-2.0
#pragma once
// The memory of all fake devices. Its addresses are reserved and never readable: a host that touches one dies
// at once. The bytes lie elsewhere, each with a mark whether it was ever written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>

#include "fake_cuda/ptx_memory.h"

namespace reprise::fake_cuda {

class DeviceMemory {
 public:
  void* allocate(std::size_t bytes, int device);
  // The bytes that were there; 0 if nothing was allocated at the address.
  std::size_t release(void* address);
  bool is_device(const void* address) const;
  int device_of(const void* address) const;  // -1: no allocation holds it
  std::size_t live() const { return allocations_.size(); }

  // Copies that the host asks for. Each throws a Fault for bytes outside of an allocation; to_host also for
  // bytes that were never written.
  void to_host(void* to, const void* from, std::size_t bytes);
  void from_host(void* to, const void* from, std::size_t bytes);
  void within(void* to, const void* from, std::size_t bytes);  // what was never written stays so
  void fill(void* to, int value, std::size_t bytes);

  // For a kernel on a device: only that device's memory.
  std::byte* touch(std::uint64_t address, std::size_t bytes, bool writes, int device);

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  struct Allocation {
    std::uint64_t address;
    std::size_t bytes;
    int device;
    std::unique_ptr<std::byte, Free> content;
    std::unique_ptr<std::uint8_t, Free> written;
  };
  struct Stretch {
    std::byte* bytes;
    std::uint8_t* written;
  };
  Allocation* find(std::uint64_t address, std::size_t bytes);
  Stretch stretch(const void* address, std::size_t bytes, const char* what);

  std::map<std::uint64_t, Allocation> allocations_;
  std::uint64_t begin_ = 0, next_ = 0;
  Allocation* last_ = nullptr;  // found last
};

// One device's memory, as its kernels see it.
class KernelMemory : public GlobalMemory {
 public:
  KernelMemory(DeviceMemory& memory, int device) : memory_(memory), device_(device) {}
  std::byte* read(std::uint64_t address, unsigned bytes) override {
    return memory_.touch(address, bytes, false, device_);
  }
  std::byte* write(std::uint64_t address, unsigned bytes) override {
    return memory_.touch(address, bytes, true, device_);
  }

 private:
  DeviceMemory& memory_;
  int device_;
};

// Host memory with its pages pinned: copies from and to it run when their turn comes, not at the call.
class PinnedMemory {
 public:
  void* allocate(std::size_t bytes);
  void add(void* address, std::size_t bytes) {
    ranges_[reinterpret_cast<std::uintptr_t>(address)] = {bytes, false};
  }
  bool release(void* address);
  bool holds(const void* address) const;

 private:
  struct Range {
    std::size_t bytes;
    bool ours;
  };
  std::map<std::uintptr_t, Range> ranges_;
};

}  // namespace reprise::fake_cuda
