// SPDX-License-Identifier: Apache-2.0
#pragma once
// A few buffers as a device's memory, and a kernel run on them straight from PTX text.
#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "fake_cuda/fault.h"
#include "fake_cuda/ptx_launch.h"

namespace reprise::fake_cuda {

class SmallDevice : public GlobalMemory {
 public:
  // Gives the address; `written` says whether kernels may read it before they write.
  std::uint64_t add(std::size_t bytes, bool written = true) {
    const std::uint64_t address = buffers_.empty() ? 1ULL << 32 : buffers_.back().address + (1 << 24);
    buffers_.push_back({address, std::vector<std::byte>(bytes), std::vector<bool>(bytes, written)});
    return address;
  }
  template <class T>
  std::uint64_t add(const std::vector<T>& values) {
    const std::uint64_t address = add(values.size() * sizeof(T));
    std::memcpy(buffers_.back().bytes.data(), values.data(), values.size() * sizeof(T));
    return address;
  }
  template <class T>
  std::vector<T> values(std::uint64_t address) {
    const Buffer& buffer = of(address, 0);
    std::vector<T> out(buffer.bytes.size() / sizeof(T));
    std::memcpy(out.data(), buffer.bytes.data(), out.size() * sizeof(T));
    return out;
  }
  std::byte* read(std::uint64_t address, unsigned bytes) override {
    Buffer& buffer = of(address, bytes);
    for (unsigned i = 0; i < bytes; ++i)
      if (!buffer.written[address - buffer.address + i]) throw Fault("read of memory that was never written");
    return buffer.bytes.data() + (address - buffer.address);
  }
  std::byte* write(std::uint64_t address, unsigned bytes) override {
    Buffer& buffer = of(address, bytes);
    for (unsigned i = 0; i < bytes; ++i) buffer.written[address - buffer.address + i] = true;
    return buffer.bytes.data() + (address - buffer.address);
  }

  // Runs the only kernel of the text; every parameter is a 64-bit number.
  void run(const std::string& ptx, std::vector<std::uint64_t> parameters, unsigned threads = 32,
           unsigned blocks = 1, std::uint64_t seed = 0) {
    const Module module = parse_ptx(ptx);
    REQUIRE(module.kernels.size() == 1);
    Launch launch;
    launch.grid.x = blocks;
    launch.block.x = threads;
    launch.seed = seed;
    launch.most_instructions = 1'000'000;
    launch.parameters.resize(parameters.size() * 8);
    std::memcpy(launch.parameters.data(), parameters.data(), launch.parameters.size());
    fake_cuda::run(module.kernels.begin()->second, launch, *this);
  }

 private:
  struct Buffer {
    std::uint64_t address;
    std::vector<std::byte> bytes;
    std::vector<bool> written;
  };
  Buffer& of(std::uint64_t address, unsigned bytes) {
    for (auto& buffer : buffers_)
      if (address >= buffer.address && address + bytes <= buffer.address + buffer.bytes.size()) return buffer;
    throw Fault("out of bounds: no buffer holds the address");
  }
  std::vector<Buffer> buffers_;
};

// A whole PTX text around the statements of a kernel `k` with parameters p0, p1, ... of 64 bits.
inline std::string ptx_kernel(int parameters, const std::string& body, const std::string& head = "") {
  std::string text = ".version 9.0\n.target sm_75\n.address_size 64\n.visible .entry k(\n";
  for (int i = 0; i < parameters; ++i)
    text += "  .param .u64 p" + std::to_string(i) + (i + 1 < parameters ? ",\n" : "\n");
  return text + ")\n" + head + "{\n" + body + "  ret;\n}\n";
}

inline std::string fault_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Fault& fault) {
    return fault.what();
  }
  return "";
}

}  // namespace reprise::fake_cuda
