// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/runtime/fat_binary.h"

#include <cstring>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

namespace {

struct Wrapper {
  std::uint32_t magic, version;
  const std::byte* data;
  const void* other;
};

struct Header {
  std::uint32_t magic;
  std::uint16_t version, header_bytes;
  std::uint64_t bytes;
};

// One image of the fat binary; the fields in between are not needed.
struct Image {
  std::uint16_t kind, version;
  std::uint32_t header_bytes;
  std::uint64_t bytes;
  std::uint32_t compressed_bytes, options, version_number, capability, flags_low[2];
  std::uint64_t flags;
};

constexpr std::uint32_t wrapper_magic = 0x466243B1, header_magic = 0xBA55ED50;
constexpr std::uint16_t ptx_kind = 1;
constexpr std::uint64_t compressed_flags = 0xA000;

std::set<std::string>& seen() {
  static auto* const names = new std::set<std::string>;
  return *names;
}

template <class T>
T read(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

std::vector<PtxText> ptx_texts(const void* wrapper_address) {
  const auto wrapper = read<Wrapper>(static_cast<const std::byte*>(wrapper_address));
  if (wrapper.magic != wrapper_magic) throw Fault("a fat binary of a form that is not known");
  const auto header = read<Header>(wrapper.data);
  if (header.magic != header_magic) throw Fault("a fat binary of a form that is not known");
  std::vector<PtxText> texts;
  const std::byte* at = wrapper.data + header.header_bytes;
  const std::byte* const end = at + header.bytes;
  while (at < end) {
    const auto image = read<Image>(at);
    const bool compressed = image.compressed_bytes != 0 || (image.flags & compressed_flags) != 0;
    if (image.kind == ptx_kind && !compressed)
      texts.push_back({image.capability,
                       std::string(reinterpret_cast<const char*>(at + image.header_bytes), image.bytes)});
    at += image.header_bytes + image.bytes;
  }
  return texts;
}

const Kernel* FatBinary::kernel(const std::string& name, unsigned capability) {
  const PtxText* best = nullptr;
  for (const auto& text : texts_)
    if (text.capability <= capability && (best == nullptr || text.capability > best->capability))
      best = &text;
  if (best == nullptr) return nullptr;
  const auto [module, fresh] = modules_.try_emplace(best->capability);
  if (fresh) {
    module->second = parse_ptx(best->text);
    for (const auto& [name_of_one, one] : module->second.kernels)
      for (const auto& instruction : one.code) seen().insert(instruction.name);
  }
  const auto found = module->second.kernels.find(name);
  return found == module->second.kernels.end() ? nullptr : &found->second;
}

const std::set<std::string>& instructions_seen() { return seen(); }

}  // namespace reprise::fake_cuda
