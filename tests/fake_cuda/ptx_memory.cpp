// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/ptx_memory.h"

#include <string>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

namespace {

constexpr std::uint64_t window_bytes = 1ULL << 32;

bool inside(std::uint64_t address, std::uint64_t window) { return address - window < window_bytes; }

// A generic address names its space by the window it lies in.
Space resolved(std::uint64_t& address) {
  if (inside(address, parameter_window)) {
    address -= parameter_window;
    return Space::parameter;
  }
  if (inside(address, shared_window)) {
    address -= shared_window;
    return Space::shared;
  }
  if (inside(address, local_window)) {
    address -= local_window;
    return Space::local;
  }
  return Space::global;
}

}  // namespace

std::byte* BlockMemory::Own::touch(std::uint64_t offset, unsigned count, bool writes, const char* name) {
  if (offset > bytes.size() || count > bytes.size() - offset)
    throw Fault(std::string(name) + " memory out of bounds: " + std::to_string(count) + " bytes at " +
                std::to_string(offset) + " of " + std::to_string(bytes.size()));
  for (std::uint64_t i = offset; i < offset + count; ++i) {
    if (writes)
      written[i] = true;
    else if (!written[i])
      throw Fault("read of " + std::string(name) + " memory that was never written");
  }
  return bytes.data() + offset;
}

BlockMemory::BlockMemory(const Kernel& kernel, std::size_t threads, std::size_t dynamic_shared,
                         std::span<const std::byte> parameters, GlobalMemory& global, RaceWatch& global_races)
    : parameters_(parameters),
      local_(kernel.local_bytes == 0 ? 0 : threads),
      global_(global),
      global_races_(global_races) {
  const std::size_t shared_bytes = kernel.shared_bytes + dynamic_shared;
  shared_ = {std::vector<std::byte>(shared_bytes), std::vector<bool>(shared_bytes)};
  for (auto& own : local_)
    own = {std::vector<std::byte>(kernel.local_bytes), std::vector<bool>(kernel.local_bytes)};
}

std::byte* BlockMemory::touch(Space space, std::uint64_t address, unsigned bytes, Touch touch,
                              const Actor& actor, std::size_t place) {
  if (address % bytes != 0)
    throw Fault("misaligned address: " + std::to_string(bytes) + " bytes at " + std::to_string(address));
  if (space == Space::generic) space = resolved(address);
  const bool writes = touch == Touch::write || touch == Touch::atomic;
  if (touch == Touch::read_constant && space != Space::global) throw Fault("ld.nc outside of global memory");
  switch (space) {
    case Space::parameter:
      if (writes) throw Fault("a store to the parameters");
      if (address > parameters_.size() || bytes > parameters_.size() - address)
        throw Fault("parameters out of bounds: " + std::to_string(bytes) + " bytes at " +
                    std::to_string(address));
      return const_cast<std::byte*>(parameters_.data()) + address;  // only read: see above
    case Space::shared: {
      if (touch == Touch::atomic) shared_.touch(address, bytes, false, "shared");
      std::byte* at = shared_.touch(address, bytes, writes, "shared");
      shared_races_.touch(address, bytes, touch, actor);
      return at;
    }
    case Space::local:
      if (local_.empty()) throw Fault("local memory of a kernel that has none");
      return local_[place].touch(address, bytes, writes, "local");
    case Space::generic:
    case Space::global:
      break;
  }
  if (touch == Touch::atomic) global_.read(address, bytes);
  std::byte* at = writes ? global_.write(address, bytes) : global_.read(address, bytes);
  global_races_.touch(address, bytes, touch, actor);
  return at;
}

}  // namespace reprise::fake_cuda
