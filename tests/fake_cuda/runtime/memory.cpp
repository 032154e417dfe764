// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/runtime/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

namespace {

constexpr std::size_t reserved = 1ULL << 42, alignment = 512, gap = 8 * alignment;

std::uint64_t number(const void* address) { return reinterpret_cast<std::uint64_t>(address); }

}  // namespace

void* DeviceMemory::allocate(std::size_t bytes, int device) {
  if (begin_ == 0) {
    void* place = ::mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) throw Fault("no address space for the fake device's memory");
    begin_ = next_ = number(place);
  }
  Allocation allocation{next_, bytes, device, nullptr, nullptr};
  allocation.content.reset(static_cast<std::byte*>(std::calloc(std::max<std::size_t>(bytes, 1), 1)));
  allocation.written.reset(static_cast<std::uint8_t*>(std::calloc(std::max<std::size_t>(bytes, 1), 1)));
  if (!allocation.content || !allocation.written) return nullptr;
  next_ += (bytes + alignment - 1) / alignment * alignment + gap;
  void* address = reinterpret_cast<void*>(allocation.address);
  allocations_.emplace(allocation.address, std::move(allocation));
  last_ = nullptr;
  return address;
}

std::size_t DeviceMemory::release(void* address) {
  const auto found = allocations_.find(number(address));
  if (found == allocations_.end()) return 0;
  const std::size_t bytes = std::max<std::size_t>(found->second.bytes, 1);
  allocations_.erase(found);
  last_ = nullptr;
  return bytes;
}

bool DeviceMemory::is_device(const void* address) const {
  return begin_ != 0 && number(address) >= begin_ && number(address) < begin_ + reserved;
}

DeviceMemory::Allocation* DeviceMemory::find(std::uint64_t address, std::size_t bytes) {
  const auto holds = [&](const Allocation& one) {
    return address >= one.address && address - one.address <= one.bytes &&
           bytes <= one.bytes - (address - one.address);
  };
  if (last_ != nullptr && holds(*last_)) return last_;
  auto next = allocations_.upper_bound(address);
  if (next == allocations_.begin()) return nullptr;
  Allocation& before = std::prev(next)->second;
  if (!holds(before)) return nullptr;
  return last_ = &before;
}

int DeviceMemory::device_of(const void* address) const {
  auto* found = const_cast<DeviceMemory*>(this)->find(number(address), 0);
  return found == nullptr ? -1 : found->device;
}

DeviceMemory::Stretch DeviceMemory::stretch(const void* address, std::size_t bytes, const char* what) {
  Allocation* found = find(number(address), bytes);
  if (found == nullptr)
    throw Fault(std::string(what) + " out of bounds: no allocation of the device holds all " +
                std::to_string(bytes) + " bytes");
  const std::size_t offset = number(address) - found->address;
  return {found->content.get() + offset, found->written.get() + offset};
}

void DeviceMemory::to_host(void* to, const void* from, std::size_t bytes) {
  const Stretch source = stretch(from, bytes, "a copy to the host reads");
  if (std::memchr(source.written, 0, bytes) != nullptr)
    throw Fault("a copy to the host reads device memory that was never written");
  std::memcpy(to, source.bytes, bytes);
}

void DeviceMemory::from_host(void* to, const void* from, std::size_t bytes) {
  const Stretch target = stretch(to, bytes, "a copy to the device writes");
  std::memcpy(target.bytes, from, bytes);
  std::memset(target.written, 1, bytes);
}

void DeviceMemory::within(void* to, const void* from, std::size_t bytes) {
  const Stretch source = stretch(from, bytes, "a copy on the device reads");
  const Stretch target = stretch(to, bytes, "a copy on the device writes");
  std::memmove(target.bytes, source.bytes, bytes);
  std::memmove(target.written, source.written, bytes);
}

void DeviceMemory::fill(void* to, int value, std::size_t bytes) {
  const Stretch target = stretch(to, bytes, "a fill writes");
  std::memset(target.bytes, value, bytes);
  std::memset(target.written, 1, bytes);
}

std::byte* DeviceMemory::touch(std::uint64_t address, std::size_t bytes, bool writes, int device) {
  Allocation* found = find(address, bytes);
  if (found == nullptr)
    throw Fault("out of bounds: no allocation of the device holds the " + std::to_string(bytes) + " bytes");
  if (found->device != device)
    throw Fault("a kernel on device " + std::to_string(device) + " touches memory of device " +
                std::to_string(found->device));
  std::uint8_t* written = found->written.get() + (address - found->address);
  if (writes)
    std::memset(written, 1, bytes);
  else if (std::memchr(written, 0, bytes) != nullptr)
    throw Fault("read of device memory that was never written");
  return found->content.get() + (address - found->address);
}

void* PinnedMemory::allocate(std::size_t bytes) {
  constexpr std::size_t page = 4096;
  void* address = std::aligned_alloc(page, std::max<std::size_t>(bytes + page - 1, page) / page * page);
  if (address != nullptr) ranges_[reinterpret_cast<std::uintptr_t>(address)] = {bytes, true};
  return address;
}

bool PinnedMemory::release(void* address) {
  const auto found = ranges_.find(reinterpret_cast<std::uintptr_t>(address));
  if (found == ranges_.end()) return false;
  if (found->second.ours) std::free(address);
  ranges_.erase(found);
  return true;
}

bool PinnedMemory::holds(const void* address) const {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const auto next = ranges_.upper_bound(at);
  if (next == ranges_.begin()) return false;
  const auto& [begin, range] = *std::prev(next);
  return at < begin + std::max<std::size_t>(range.bytes, 1);
}

}  // namespace reprise::fake_cuda
