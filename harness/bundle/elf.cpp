// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/elf.h"

#include <elf.h>

#include <cstring>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

class Elf {
 public:
  explicit Elf(const fs::path& path) : path_(path), bytes_(read_file(path, "program")) {
    const auto head = at<Elf64_Ehdr>(0);
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64 ||
        head.e_ident[EI_DATA] != ELFDATA2LSB || head.e_phentsize != sizeof(Elf64_Phdr))
      refuse();
    for (std::size_t i = 0; i < head.e_phnum; ++i)
      segments_.push_back(at<Elf64_Phdr>(head.e_phoff + i * sizeof(Elf64_Phdr)));
  }

  // The entries of the dynamic segment; none in a static program.
  std::vector<Elf64_Dyn> dynamic() const {
    std::vector<Elf64_Dyn> entries;
    for (const auto& segment : segments_) {
      if (segment.p_type != PT_DYNAMIC) continue;
      for (std::uint64_t at_byte = 0; at_byte + sizeof(Elf64_Dyn) <= segment.p_filesz;
           at_byte += sizeof(Elf64_Dyn)) {
        entries.push_back(at<Elf64_Dyn>(segment.p_offset + at_byte));
        if (entries.back().d_tag == DT_NULL) break;
      }
    }
    return entries;
  }

  // The bytes that lie in memory at `address` when it is loaded.
  std::string_view loaded(std::uint64_t address, std::uint64_t size) const {
    for (const auto& segment : segments_)
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
          address - segment.p_vaddr < segment.p_filesz)
        return part(segment.p_offset + (address - segment.p_vaddr), size);
    refuse();
  }

  [[noreturn]] void refuse() const {
    fail("wanted a 64-bit ELF program or library, found none, or a damaged one: {}", path_.string());
  }

 private:
  std::string_view part(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) refuse();
    return std::string_view(bytes_).substr(offset, size);
  }
  template <class T>
  T at(std::uint64_t offset) const {
    T value;
    std::memcpy(&value, part(offset, sizeof value).data(), sizeof value);
    return value;
  }

  fs::path path_;
  std::string bytes_;
  std::vector<Elf64_Phdr> segments_;
};

std::vector<std::int64_t> numbers_of(const std::string& version) {
  std::vector<std::int64_t> numbers;
  for (const auto& part : split(version, '.')) {
    const auto number = to_integer(part);
    if (!number) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

// Of names such as GLIBC_2.34 in the table of texts, the newest version.
std::string newest(std::string_view texts, std::string_view prefix) {
  std::string found;
  for (const auto& text : split(texts, '\0')) {
    if (!text.starts_with(prefix)) continue;
    const std::string version = text.substr(prefix.size());
    if (numbers_of(version) > numbers_of(found)) found = version;
  }
  return found;
}

}  // namespace

ElfNeeds elf_needs(const fs::path& path) {
  const Elf elf(path);
  std::vector<std::uint64_t> names;
  std::uint64_t table = 0, size = 0;
  for (const auto& entry : elf.dynamic()) {
    if (entry.d_tag == DT_NEEDED) names.push_back(entry.d_un.d_val);
    if (entry.d_tag == DT_STRTAB) table = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRSZ) size = entry.d_un.d_val;
  }
  ElfNeeds needs;
  if (table == 0) return needs;
  const std::string_view texts = elf.loaded(table, size);
  for (const auto at : names) {
    const auto end = at < texts.size() ? texts.find('\0', at) : std::string_view::npos;
    if (end == std::string_view::npos) elf.refuse();
    needs.libraries.emplace_back(texts.substr(at, end - at));
  }
  needs.glibc = newest(texts, "GLIBC_");
  needs.libstdcxx = newest(texts, "GLIBCXX_");
  return needs;
}

}  // namespace reprise
