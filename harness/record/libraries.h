// SPDX-License-Identifier: Apache-2.0
#pragma once
// The program and library files that this process has mapped, each with the SHA-256 of its content: what
// really ran, whatever a package's version says.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/digest_cache.h"

namespace reprise {

// Comes into a watched command by LD_PRELOAD to note which files it opens, and is no part of what ran.
constexpr std::string_view opened_library = "/reprise-opened.so";

// Where libtorch_cpu.so lies; empty if the dynamic linker does not say.
std::filesystem::path torch_libraries_folder();

struct LoadedFile {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::string sha256;
};

// Every file mapped with execute permission but that, sorted by path. Digests of files that did not change
// (same path, device, inode, size, modification and change time) are taken from `cache`, a text file that is
// brought up to date; an empty path, or a folder that cannot be written, means none is kept. `more`: files
// that will be mapped later.
std::vector<LoadedFile> loaded_files(const std::filesystem::path& cache,
                                     const std::vector<std::filesystem::path>& more = {});

}  // namespace reprise
