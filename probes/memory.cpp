// SPDX-License-Identifier: Apache-2.0
#include "probes/memory.h"

#include <ATen/ops/empty.h>

#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "harness/base/error.h"

namespace reprise {
namespace {

// More than any probe allocates in a call.
constexpr std::int64_t laid_bytes = std::int64_t{64} << 20;
constexpr std::int64_t small_block = 1024;
constexpr int kept_bytes = 1 << 30;

// 0xFF in every byte is a NaN in each float format, and -1 as an integer.
unsigned char byte_of(Fill fill) { return fill == Fill::nan ? 0xFF : 0; }

// The C library gives large blocks back to the system, which hands out zeros: told once to keep them.
void keep_freed_memory() {
  static const bool kept = ::mallopt(M_MMAP_THRESHOLD, kept_bytes) == 1 &&
                           ::mallopt(M_TRIM_THRESHOLD, kept_bytes) == 1 && ::mallopt(M_ARENA_MAX, 1) == 1;
  if (!kept) fail("the C library does not take M_MMAP_THRESHOLD, so what memory holds cannot be chosen");
}

struct Free {
  void operator()(void* block) const { std::free(block); }
};

void fill_blocks(std::int64_t bytes, std::int64_t count, Fill fill) {
  // Kept from call to call: what it gave back would be memory that holds pointers.
  static std::vector<std::unique_ptr<void, Free>> blocks;
  for (std::int64_t i = 0; i < count; ++i) {
    blocks.emplace_back(std::malloc(static_cast<std::size_t>(bytes)));
    if (blocks.back() == nullptr) fail("no room for {} bytes of memory to be filled beforehand", bytes);
    std::memset(blocks.back().get(), byte_of(fill), static_cast<std::size_t>(bytes));
    // Else the compiler may leave out a write that nobody reads.
    asm volatile("" : : "r"(blocks.back().get()) : "memory");
  }
  blocks.clear();
}

}  // namespace

at::Tensor displaced(const at::Tensor& tensor, std::int64_t offset) {
  const at::Tensor place = at::empty({tensor.numel() + offset}, tensor.options());
  return place.narrow(0, offset, tensor.numel()).view(tensor.sizes()).copy_(tensor);
}

void lay(Fill fill, at::Device device) {
  if (fill == Fill::none) return;
  if (device.is_cpu()) {
    keep_freed_memory();
    // Small blocks are taken from whatever gap fits, larger ones from behind them; between blocks the C
    // library keeps a few bytes of its own.
    for (std::int64_t bytes = small_block; bytes < laid_bytes; bytes *= 16)
      fill_blocks(bytes, laid_bytes / 4 / bytes, fill);
    fill_blocks(laid_bytes, 1, fill);
    return;
  }
  at::Tensor block = at::empty({laid_bytes}, at::TensorOptions(at::kByte).device(device));
  block.fill_(byte_of(fill));
}

}  // namespace reprise
