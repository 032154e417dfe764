// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/shared_libraries.h"

#include <elf.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/bundle/licences.h"
#include "harness/watch/elf.h"
#include "scratch.h"
#include "skip.h"

using namespace reprise;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

const fs::path reprise_program = REPRISE_BIN "/reprise";

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

TEST_CASE("a program says what libraries and which C library it needs") {
  const ElfNeeds needs = elf_needs(reprise_program);
  CHECK(has(needs.libraries, "libc.so.6"));
  CHECK(
      std::ranges::any_of(needs.libraries, [](const auto& name) { return name.starts_with("libzstd.so."); }));
  CHECK(needs.glibc.starts_with("2."));
  CHECK(needs.libstdcxx.starts_with("3.4"));
}

// The smallest library that is carried: it can be spoilt in many ways in a short time.
fs::path small_library() {
  const auto files = libraries_to_carry({reprise_program}).files;
  REQUIRE_FALSE(files.empty());
  return std::ranges::min_element(files, {}, [](const auto& entry) { return fs::file_size(entry.second); })
      ->second;
}

TEST_CASE("what is no program, is cut or lies is one sentence and never a crash") {
  Scratch scratch;
  const std::string whole = read_file(small_library(), "library");
  const auto needs_of = [&](const std::string& bytes) {
    std::ofstream(scratch / "file", std::ios::binary) << bytes;
    return elf_needs(scratch / "file");
  };
  CHECK_FALSE(needs_of(whole).libraries.empty());
  CHECK_THROWS_WITH(needs_of("#!/bin/sh\n"), Contains("wanted a 64-bit ELF") && Contains("file"));
  for (const std::size_t size : {0UL, 3UL, 16UL, 63UL, 64UL, 100UL, 1000UL, whole.size() / 2})
    CHECK_THROWS_AS(needs_of(whole.substr(0, size)), Error);
  // Each byte of the head and of the first program headers made another: refused, or read as something else.
  std::size_t refused = 0;
  for (std::size_t at = 0; at < 64 + 56 * 8; ++at) {
    std::string spoilt = whole;
    spoilt[at] = static_cast<char>(~spoilt[at]);
    try {
      needs_of(spoilt);
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
      ++refused;
    }
  }
  CHECK(refused >= 16);  // the marks of an ELF file alone
}

TEST_CASE("a table of names that would reach beyond the file is refused") {
  Scratch scratch;
  std::string bytes = read_file(small_library(), "library");
  Elf64_Ehdr head;
  std::memcpy(&head, bytes.data(), sizeof head);
  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes.data() + head.e_phoff + i * sizeof segment, sizeof segment);
    for (std::size_t at = 0; segment.p_type == PT_DYNAMIC && at < segment.p_filesz; at += sizeof(Elf64_Dyn)) {
      Elf64_Dyn entry;
      std::memcpy(&entry, bytes.data() + segment.p_offset + at, sizeof entry);
      if (entry.d_tag == DT_STRSZ) entry.d_un.d_val = bytes.size();
      std::memcpy(bytes.data() + segment.p_offset + at, &entry, sizeof entry);
    }
  }
  std::ofstream(scratch / "file", std::ios::binary) << bytes;
  CHECK_THROWS_WITH(elf_needs(scratch / "file"), Contains("damaged"));
}

TEST_CASE("everything but the machine's own libraries is carried, with what libraries need in turn") {
  const SharedLibraries carried = libraries_to_carry({reprise_program});
  CHECK_FALSE(carried.files.empty());
  std::vector<std::string> needed = elf_needs(reprise_program).libraries;
  for (const auto& [name, file] : carried.files) {
    INFO(name << " " << file);
    CHECK(fs::is_regular_file(file));
    CHECK_FALSE(name.starts_with("libc.so"));
    CHECK_FALSE(name.starts_with("libstdc++"));
    for (const auto& more : elf_needs(file).libraries) needed.push_back(more);
  }
  // Closed: what any of them needs is carried or belongs to the machine.
  const std::vector<std::string> machine = {
      "libc.so.6",       "libm.so.6",  "libstdc++.so.6",       "libgcc_s.so.1",        "libdl.so.2",
      "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"};
  for (const auto& name : needed) {
    INFO(name);
    CHECK((carried.files.contains(name) || has(machine, name)));
  }
}

TEST_CASE("a library that the loader does not find is named") {
  Scratch scratch;
  const auto files = libraries_to_carry({reprise_program}).files;
  const auto szip =
      std::ranges::find_if(files, [](const auto& entry) { return entry.first.starts_with("libsz"); });
  if (szip == files.end()) skip("HDF5 without szip: no library here needs another that is carried");
  // A library alone, of which no program says where its own libraries are.
  fs::copy_file(szip->second, scratch / "lone.so");
  CHECK_THROWS_WITH(libraries_to_carry({scratch / "lone.so"}),
                    Contains("libaec") && Contains("does not find"));
}

TEST_CASE("each library on this machine comes with its package's licence, and one without is named") {
  Scratch scratch;
  const auto carried = libraries_to_carry({reprise_program});
  make_folder(scratch / "home/share/doc/reprise/licences");
  write_atomically(scratch / "home/share/doc/reprise/licences/reprise.txt", "Apache");
  write_atomically(scratch / "libown.so.1", "");
  auto files = carried.files;
  files["libown.so.1"] = scratch / "libown.so.1";
  const Licences licences = licences_of(files, scratch / "home");
  CHECK(licences.texts.at("reprise.txt") == "Apache");
  CHECK(has(licences.missing, "libown.so.1"));
  if (!fs::is_directory("/var/lib/dpkg/info")) skip("no dpkg here to ask for the other licences");
  CHECK(licences.missing.size() == 1);
  CHECK(std::ranges::any_of(licences.texts, [](const auto& text) {
    return text.first.starts_with("libzstd") && text.second.find("Copyright") != std::string::npos;
  }));
}
