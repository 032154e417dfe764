// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a program or a shared library says of itself in its own bytes, read by libelf: nothing is loaded or
// started.
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

// The dynamic loader that a program is started by: "/lib64/ld-linux-x86-64.so.2"; "" for a static program, a
// library, and what is no such file at all.
std::string loader_of(const std::filesystem::path& path);

// By numbers: "2.9" is older than "2.34"; "" is older than all.
bool is_older(const std::string& version, const std::string& other);

}  // namespace reprise
