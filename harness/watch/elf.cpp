// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/elf.h"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <optional>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// Libelf's views of a file: what lies beyond its end, or is no ELF, is nothing.
class ElfFile {
 public:
  explicit ElfFile(const fs::path& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    elf_version(EV_CURRENT);
    elf_ = elf_begin(file_, ELF_C_READ, nullptr);
    GElf_Ehdr head;
    if (elf_kind(elf_) != ELF_K_ELF || gelf_getehdr(elf_, &head) == nullptr ||
        head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB)
      return;
    std::size_t count = 0;
    // Libelf takes segments that would lie beyond the end for none.
    whole_ = elf_getphdrnum(elf_, &count) == 0 && count == head.e_phnum;
    segments_.resize(whole_ ? count : 0);
    for (std::size_t i = 0; i < segments_.size(); ++i)
      whole_ = whole_ && gelf_getphdr(elf_, static_cast<int>(i), &segments_[i]) != nullptr;
  }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;
  ~ElfFile() {
    elf_end(elf_);
    if (file_ >= 0) ::close(file_);
  }

  bool whole() const { return whole_; }
  const GElf_Phdr* segment(GElf_Word type) const {
    for (const auto& segment : segments_)
      if (segment.p_type == type) return &segment;
    return nullptr;
  }
  Elf_Data* data(std::uint64_t offset, std::uint64_t size, Elf_Type type) const {
    return elf_getdata_rawchunk(elf_, static_cast<std::int64_t>(offset), size, type);
  }
  std::optional<std::string_view> bytes(std::uint64_t offset, std::uint64_t size) const {
    const Elf_Data* found = data(offset, size, ELF_T_BYTE);
    if (found == nullptr) return std::nullopt;
    return std::string_view(static_cast<const char*>(found->d_buf), found->d_size);
  }
  // The bytes that lie in memory at `address` when it is loaded.
  std::optional<std::string_view> loaded(std::uint64_t address, std::uint64_t size) const {
    for (const auto& segment : segments_)
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
          address - segment.p_vaddr < segment.p_filesz)
        return bytes(segment.p_offset + (address - segment.p_vaddr), size);
    return std::nullopt;
  }

 private:
  int file_;
  Elf* elf_ = nullptr;
  bool whole_ = false;
  std::vector<GElf_Phdr> segments_;
};

// The entries of the dynamic segment; none in a static program, nothing where it reaches beyond the file.
std::optional<std::vector<GElf_Dyn>> dynamic_of(const ElfFile& file) {
  std::vector<GElf_Dyn> entries;
  const GElf_Phdr* segment = file.segment(PT_DYNAMIC);
  if (segment == nullptr) return entries;
  Elf_Data* data = file.data(segment->p_offset, segment->p_filesz, ELF_T_DYN);
  if (data == nullptr) return std::nullopt;
  GElf_Dyn entry;
  for (int i = 0; gelf_getdyn(data, i, &entry) != nullptr && entry.d_tag != DT_NULL; ++i)
    entries.push_back(entry);
  return entries;
}

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
    if (is_older(found, version)) found = version;
  }
  return found;
}

std::optional<ElfNeeds> needs_of(const ElfFile& file) {
  const auto entries = file.whole() ? dynamic_of(file) : std::nullopt;
  if (!entries) return std::nullopt;
  std::uint64_t table = 0, size = 0;
  for (const auto& entry : *entries) {
    if (entry.d_tag == DT_STRTAB) table = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRSZ) size = entry.d_un.d_val;
  }
  if (table == 0) return ElfNeeds{};
  const auto texts = file.loaded(table, size);
  if (!texts) return std::nullopt;
  ElfNeeds needs{{}, newest(*texts, "GLIBC_"), newest(*texts, "GLIBCXX_")};
  for (const auto& entry : *entries) {
    if (entry.d_tag != DT_NEEDED) continue;
    const auto at = entry.d_un.d_val, end = at < texts->size() ? texts->find('\0', at) : texts->npos;
    if (end == texts->npos) return std::nullopt;
    needs.libraries.emplace_back(texts->substr(at, end - at));
  }
  return needs;
}

}  // namespace

ElfNeeds elf_needs(const fs::path& path) {
  if (const auto needs = needs_of(ElfFile(path))) return *needs;
  fail("wanted a 64-bit ELF program or library, found none, or a damaged one: {}", path.string());
}

std::string loader_of(const fs::path& path) {
  const ElfFile file(path);
  const GElf_Phdr* segment = file.whole() ? file.segment(PT_INTERP) : nullptr;
  const auto text = segment == nullptr ? std::nullopt : file.bytes(segment->p_offset, segment->p_filesz);
  return text ? std::string(text->substr(0, text->find('\0'))) : "";
}

bool is_older(const std::string& version, const std::string& other) {
  return numbers_of(version) < numbers_of(other);
}

}  // namespace reprise
