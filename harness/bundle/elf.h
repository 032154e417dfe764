// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a program or a shared library says it needs, read from its own bytes: nothing is loaded.
#include <filesystem>
#include <string>
#include <vector>

namespace reprise {

struct ElfNeeds {
  std::vector<std::string> libraries;  // "libz.so.1", in the file's order
  std::string glibc, libstdcxx;        // the newest symbol version named: "2.34", "3.4.30"; "" for none
};

// An Error for a file that is no 64-bit ELF of this machine's byte order, is cut, or lies.
ElfNeeds elf_needs(const std::filesystem::path& path);

}  // namespace reprise
