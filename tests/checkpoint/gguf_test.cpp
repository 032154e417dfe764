// SPDX-License-Identifier: Apache-2.0
// GGUF files made by hand, so that each number can lie; and folders with a shard too few.
#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "refusal.h"
#include "small_zip.h"

using namespace reprise;

namespace {

using U32 = std::uint32_t;
using U64 = std::uint64_t;

std::string text(const std::string& words) { return little<U64>(words.size()) + words; }

struct SmallTensor {
  std::string name = "w";
  std::vector<U64> shape = {4};
  U32 type = 0;
  U64 offset = 0;
};

std::string small_gguf(const std::vector<SmallTensor>& tensors, const std::string& metadata = "",
                       U64 values = 0, std::size_t data = 64, std::size_t alignment = 32, U32 version = 3) {
  std::string file = "GGUF" + little(version) + little<U64>(tensors.size()) + little(values) + metadata;
  for (const auto& tensor : tensors) {
    file += text(tensor.name) + little(static_cast<U32>(tensor.shape.size()));
    for (const U64 size : tensor.shape) file += little(size);
    file += little(tensor.type) + little(tensor.offset);
  }
  while (file.size() % alignment != 0) file += '\0';
  return file + std::string(data, 'd');
}

std::string nested_lists(int depth) {
  std::string value = little<U32>(9);
  for (int i = 0; i < depth; ++i) value += little<U32>(9) + little<U64>(1);
  return text("k") + value;
}

}  // namespace

TEST_CASE("a small GGUF made by hand is read, with the alignment that it says") {
  const Scratch scratch;
  CHECK(said_of_bytes(scratch, small_gguf({{}})).empty());
  const std::string aligned = text("general.alignment") + little<U32>(4) + little<U32>(128);
  CHECK(said_of_bytes(scratch, small_gguf({{}, {.name = "x", .offset = 128}}, aligned, 1, 144, 128)).empty());
  refuses(said_of_bytes(scratch, small_gguf({{.offset = 32}}, aligned, 1, 144, 128)), "no multiple of 128");
  CHECK(said_of_bytes(scratch, small_gguf({{.type = 99}})).empty());
  CHECK(read_checkpoint(scratch / "file").opaque.at("ggml type 99").count == 1);
}

TEST_CASE("GGUF files that lie are refused") {
  const Scratch scratch;
  const auto said = [&](const std::string& bytes) { return said_of_bytes(scratch, bytes); };
  refuses(said(small_gguf({{}}, "", 0, 64, 32, 1)), "GGUF version 1");
  refuses(said(small_gguf({{}}, "", 0, 64, 32, 4)), "GGUF version 4");
  refuses(said(small_gguf({{}}, "", 0, 64, 32, 0x03000000)), "big-endian");
  refuses(said(small_gguf({{}}, "", UINT64_MAX)), "cut short");
  refuses(said(small_gguf({{.shape = {1ull << 40}}})), "cut short");
  refuses(said(small_gguf({{.shape = {1ull << 40, 1ull << 40}}})), "shape that cannot be");
  refuses(said(small_gguf({{.shape = {UINT64_MAX}}})), "shape that cannot be");
  refuses(said(small_gguf({{.shape = {1ull << 62}, .type = 28}})), "shape that cannot be");
  refuses(said(small_gguf({{.shape = {1, 1, 1, 1, 1}}})), "5 axes");
  refuses(said(small_gguf({{.shape = {33}, .type = 2}})), "blocks of 32");
  refuses(said(small_gguf({{.offset = 1ull << 63}})), "cut short");
  refuses(said(small_gguf({{.offset = 8}})), "no multiple of 32");
  refuses(said(small_gguf({{}, {.name = "x"}})), "overlaps");
  refuses(said(small_gguf({{}, {.offset = 32}})), "two tensors have the name 'w'");
  refuses(said(small_gguf({}, text("k") + little<U32>(77), 1)), "unknown type 77");
  refuses(said(small_gguf({}, text("k") + little<U32>(9) + little<U32>(4) + little(UINT64_MAX), 1)),
          "cut short");
  refuses(said(small_gguf({}, text("k") + little<U32>(9) + little<U32>(8) + little(UINT64_MAX), 1)),
          "cut short");
  refuses(said(small_gguf({}, nested_lists(100'000), 1)), "nested deeper than 4");
  refuses(said(small_gguf({}, text("general.alignment") + little<U32>(4) + little<U32>(0), 1)),
          "no power of two");
  refuses(said(small_gguf({}, text("general.alignment") + little<U32>(0) + "\1", 1)), "no 32-bit number");
}

TEST_CASE("a folder of shards wants every one of them, and of one model") {
  const Scratch scratch;
  const auto folder = scratch / "model";
  std::filesystem::copy(fixtures / "gguf_shards", folder);
  CHECK(said_of(folder).empty());
  const auto second = folder / "tiny-00002-of-00003.gguf", third = folder / "tiny-00003-of-00003.gguf";
  std::filesystem::rename(second, scratch / "kept");
  refuses(said_of(folder), "of its 3 shards these are missing: tiny-00002-of-00003.gguf;");
  std::filesystem::copy_file(third, second);
  refuses(said_of(folder), "says that it is shard 2 of 3");
  std::filesystem::rename(scratch / "kept", second);
  std::ofstream(third, std::ios::binary) << small_gguf({{.name = "other"}});
  refuses(said_of(folder), "and say that there are 13");
  std::ofstream(folder / "big-00001-of-00002.gguf") << "GGUF";
  refuses(said_of(folder), "does not belong to");
}
