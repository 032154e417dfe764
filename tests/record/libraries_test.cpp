// SPDX-License-Identifier: Apache-2.0
#include "harness/record/libraries.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/record/facts.h"
#include "scratch.h"

using namespace reprise;

namespace {

const LoadedFile* file_called(const std::vector<LoadedFile>& files, const std::string& name) {
  for (const auto& file : files)
    if (file.path.filename().string().starts_with(name)) return &file;
  return nullptr;
}

}  // namespace

TEST_CASE("the loaded files hold this program and LibTorch, with the digests of their content") {
  const auto files = loaded_files({});
  const LoadedFile *self = file_called(files, "record_tests"), *core = file_called(files, "libc10");
  REQUIRE(self != nullptr);
  REQUIRE(core != nullptr);
  REQUIRE(core->sha256 == sha256_file(core->path));
  REQUIRE(core->bytes == std::filesystem::file_size(core->path));
  REQUIRE(file_called(files, "libtorch_cpu") != nullptr);
}

TEST_CASE("the cache of library digests is believed only for the very same file") {
  Scratch folder;
  const auto cache = folder / "digests";
  const auto first = loaded_files(cache);
  const std::string written = read_file(cache, "cache");
  REQUIRE(written.size() > 64 * first.size());
  // Marked lines show which digests came from the cache.
  const std::string real = file_called(first, "libc10")->sha256, marked(64, 'a');
  write_atomically(cache, replace_all(written, real, marked));
  REQUIRE(file_called(loaded_files(cache), "libc10")->sha256 == marked);
  // Another size, a damaged line, or no cache at all: read again.
  write_atomically(cache, replace_all(replace_all(written, real, marked), " ", "  "));
  REQUIRE(file_called(loaded_files(cache), "libc10")->sha256 == real);
  write_atomically(cache, "not a cache\n\n" + std::string(70, 'z'));
  REQUIRE(file_called(loaded_files(cache), "libc10")->sha256 == real);
  REQUIRE(file_called(loaded_files("/proc/no-such-folder/cache"), "libc10")->sha256 == real);
}

TEST_CASE("facts name who ran, and no folder") {
  const Facts facts = gather_facts();
  for (const auto* key : {"reprise.version", "libtorch.version", "libtorch.build", "cpu.model", "cpu.flags",
                          "cpu.capability", "threads.intra", "kernel.release", "libc.version"}) {
    INFO(key);
    REQUIRE(facts.contains(key));
  }
  REQUIRE(facts.at("libc.version").starts_with("glibc "));
  REQUIRE(facts == gather_facts());
  for (const auto& [key, value] : facts) {
    INFO(key);
    if (!key.starts_with("env."))
      REQUIRE(value.find(std::filesystem::current_path().string()) == std::string::npos);
  }
}
