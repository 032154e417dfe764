// SPDX-License-Identifier: Apache-2.0
// How fast the digest is, against reading and copying the same memory with one thread.
#include <sys/mman.h>

#include <cstring>
#include <memory>
#include <numeric>

#include "harness/tensor/digest.h"
#include "rounds.h"

namespace {

using namespace reprise;

// Keeps a result from being optimised away.
volatile std::uint64_t sink = 0;

// Memory in huge pages where the system has them: without them the page tables are what is measured.
class Memory {
 public:
  explicit Memory(std::size_t bytes) : bytes_(bytes) {
    data_ = static_cast<std::byte*>(
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ::madvise(data_, bytes, MADV_HUGEPAGE);
    auto* words = reinterpret_cast<std::uint64_t*>(data_);
    for (std::size_t i = 0; i < bytes / 8; ++i) words[i] = i * 0x9E3779B97F4A7C15ULL;
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { ::munmap(data_, bytes_); }
  Bytes bytes() const { return {data_, bytes_}; }
  std::byte* data() { return data_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
};

// Four sums at once, so that memory and not the adder is the limit.
std::uint64_t read_all(Bytes bytes) {
  const auto* words = reinterpret_cast<const std::uint64_t*>(bytes.data());
  std::uint64_t sums[4] = {0, 0, 0, 0};
  for (std::size_t i = 0; i + 4 <= bytes.size() / 8; i += 4)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += words[i + j];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

void one_size(std::size_t bytes, int repeats) {
  Memory from(bytes), to(bytes);
  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(bytes / 4)}, one = {1};
  const std::int64_t side = static_cast<std::int64_t>(1) << 10;
  const std::vector<std::int64_t> matrix = {side, static_cast<std::int64_t>(bytes / 4) / side},
                                  turned = {1, side};
  const auto again = [repeats](auto work) {
    return [=] {
      for (int i = 0; i < repeats; ++i) work();
    };
  };
  compare(fmt::format("{} KiB", bytes / 1024), static_cast<double>(bytes) * repeats, "byte",
          {{"read", again([&] { sink = read_all(from.bytes()); })},
           {"memcpy", again([&] { std::memcpy(to.data(), from.data(), bytes); })},
           {"digest, contiguous", again([&] {
              sink = digest_of({"F32", shape, one, from.data(), 4}).digest.low;
            })},
           {"digest, transposed", again([&] {
              sink = digest_of({"F32", matrix, turned, from.data(), 4}).digest.low;
            })}});
}

void small_tensors() {
  constexpr std::size_t tensors = 300, bytes = 1536;
  Memory memory(tensors * bytes);
  const std::vector<std::int64_t> shape = {bytes / 4}, one = {1};
  compare("300 tensors of 1.5 KiB", tensors, "tensor",
          {{"read", [&] { sink = read_all(memory.bytes()); }},
           {"digest of each", [&] {
              for (std::size_t i = 0; i < tensors; ++i)
                sink = digest_of({"F32", shape, one, memory.data() + i * bytes, 4}).digest.low;
            }}});
}

}  // namespace

int main() {
  one_size(std::size_t{64} << 10, 1000);
  one_size(std::size_t{16} << 20, 10);
  one_size(std::size_t{256} << 20, 1);
  small_tensors();
}
