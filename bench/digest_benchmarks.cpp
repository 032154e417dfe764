// SPDX-License-Identifier: Apache-2.0
// The digest on one thread, against reading and copying the same memory, and what else people hash with.
#include <openssl/evp.h>
#include <sys/mman.h>
#include <xxhash.h>
#include <zlib.h>

#include <array>
#include <cstring>
#include <memory>

#include "benchmarks.h"
#include "harness/tensor/digest.h"
#include "suite.h"

namespace reprise {
namespace {

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
  std::byte* data() const { return data_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
};

using Kept = std::shared_ptr<const Memory>;

// Four sums at once, so that memory and not the adder is the limit.
std::uint64_t read_all(Bytes bytes) {
  const auto* words = reinterpret_cast<const std::uint64_t*>(bytes.data());
  std::array<std::uint64_t, 4> sums{};
  for (std::size_t i = 0; i + 4 <= bytes.size() / 8; i += 4)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += words[i + j];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

void openssl(const EVP_MD* kind, Bytes bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr);
  benchmark::DoNotOptimize(out);
}

Digest digest_as(const Memory& memory, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides) {
  return digest_of({"F32", shape, strides, memory.data(), 4}).digest;
}

// A matrix of 1,024 rows whose columns lie one after the other in memory.
void turned_ways(const std::string& group, const Kept& memory) {
  const auto bytes = static_cast<double>(memory->bytes().size());
  const auto all = static_cast<std::int64_t>(memory->bytes().size() / 4);
  constexpr std::int64_t rows = 1024;
  way(group, "digest, contiguous", bytes, [=] { benchmark::DoNotOptimize(digest_as(*memory, {all}, {1})); });
  way(group, "digest, transposed", bytes, [=] {
    benchmark::DoNotOptimize(digest_as(*memory, {rows, all / rows}, {1, rows}));
  });
}

void ways_of_size(const std::string& size, std::size_t bytes) {
  const std::string group = "bytes of " + size;
  const auto memory = std::make_shared<const Memory>(bytes), other = std::make_shared<const Memory>(bytes);
  const auto units = static_cast<double>(bytes);
  const Bytes all = memory->bytes();
  way(group, "plain read", units, [=] { benchmark::DoNotOptimize(read_all(memory->bytes())); });
  way(group, "memcpy", units, [=] {
    std::memcpy(other->data(), memory->data(), all.size());
    benchmark::ClobberMemory();
  });
  turned_ways(group, memory);
  way(group, "XXH3-128, flat", units,
      [=] { benchmark::DoNotOptimize(XXH3_128bits(memory->data(), all.size())); });
  way(group, "SHA-256 (OpenSSL)", units, [=] { openssl(EVP_sha256(), memory->bytes()); });
  way(group, "MD5 (OpenSSL)", units, [=] { openssl(EVP_md5(), memory->bytes()); });
  way(group, "crc32 (zlib)", units, [=] {
    const auto* from = reinterpret_cast<const unsigned char*>(memory->data());
    benchmark::DoNotOptimize(::crc32(0, from, static_cast<unsigned>(all.size())));
  });
}

void ways_of_small(const std::string& name, const std::vector<std::size_t>& sizes) {
  constexpr std::size_t tensors = 300;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < tensors; ++i) bytes += sizes[i % sizes.size()];
  const auto memory = std::make_shared<const Memory>(bytes);
  const std::string group = "300 tensors of " + name;
  way(group, "plain read", tensors, [=] { benchmark::DoNotOptimize(read_all(memory->bytes())); });
  way(group, "digest of each", tensors, [=] {
    std::size_t at = 0;
    for (std::size_t i = 0; i < tensors; ++i) {
      const std::array<std::int64_t, 1> shape{static_cast<std::int64_t>(sizes[i % sizes.size()] / 4)}, one{1};
      benchmark::DoNotOptimize(digest_of({"F32", shape, one, memory->data() + at, 4}).digest);
      at += sizes[i % sizes.size()];
    }
  });
  way(group, "SHA-256 of each", tensors, [=] {
    std::size_t at = 0;
    for (std::size_t i = 0; i < tensors; ++i) {
      openssl(EVP_sha256(), memory->bytes().subspan(at, sizes[i % sizes.size()]));
      at += sizes[i % sizes.size()];
    }
  });
}

}  // namespace

void add_digest_benchmarks() {
  ways_of_size("64 KiB", std::size_t{64} << 10);
  ways_of_size("16 MiB", std::size_t{16} << 20);
  ways_of_size("256 MiB", std::size_t{256} << 20);
  ways_of_small("1 KiB", {1024});
  ways_of_small("1.5 KiB", {1536});
  ways_of_small("mixed sizes", {256, 1536, 40000, 4096, 16, 65536});
}

}  // namespace reprise
