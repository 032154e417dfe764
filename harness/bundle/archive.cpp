// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/archive.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>

#include "harness/base/error.h"

namespace reprise {
namespace {

constexpr std::size_t block = 512;
constexpr int level = 19;                    // slow to make, small to carry
constexpr unsigned time_of_all = 315532800;  // 1980-01-01: tar warns of times before it

// POSIX 1003.1-1988, "ustar".
struct Header {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6],
      version[2], user[32], group[32], major[8], minor[8], prefix[155], unused[12];
};
static_assert(sizeof(Header) == block);

template <std::size_t length>
void put(char (&field)[length], const std::string& text) {
  std::memcpy(field, text.data(), std::min(text.size(), length));
}

std::string header_of(const std::string& name, std::size_t size, unsigned mode, char type) {
  Header header{};
  put(header.name, name);
  put(header.mode, fmt::format("{:07o}", mode));
  put(header.uid, "0000000");
  put(header.gid, "0000000");
  put(header.size, fmt::format("{:011o}", size));
  put(header.mtime, fmt::format("{:011o}", time_of_all));
  put(header.checksum, "        ");
  header.type = type;
  put(header.magic, "ustar");
  put(header.version, "00");
  put(header.user, "root");
  put(header.group, "root");
  std::string bytes(reinterpret_cast<const char*>(&header), block);
  const unsigned sum = std::accumulate(bytes.begin(), bytes.end(), 0U, [](unsigned so_far, char c) {
    return so_far + static_cast<unsigned char>(c);
  });
  const std::string text = fmt::format("{:06o}", sum);
  std::memcpy(bytes.data() + offsetof(Header, checksum), (text + '\0').data(), text.size() + 1);
  return bytes;
}

// POSIX 1003.1-2001, "pax": "19 path=some/name\n", where the number counts its own digits too.
std::string record_of(const std::string& key, const std::string& value) {
  const std::string rest = fmt::format(" {}={}\n", key, value);
  std::size_t size = rest.size();
  while (size != rest.size() + std::to_string(size).size()) size = rest.size() + std::to_string(size).size();
  return std::to_string(size) + rest;
}

std::string entry_of(const std::string& name, const std::string& content, unsigned mode, char type) {
  std::string entry;
  if (name.size() > sizeof(Header::name)) entry = entry_of("PaxHeaders", record_of("path", name), 0644, 'x');
  entry += header_of(name, content.size(), mode, type) + content;
  entry.append((block - entry.size() % block) % block, '\0');
  return entry;
}

// "a/", "a/b/" of "a/b/c".
std::vector<std::string> folders_above(const std::string& name) {
  std::vector<std::string> folders;
  for (auto at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1))
    folders.push_back(name.substr(0, at + 1));
  return folders;
}

}  // namespace

std::string tar_of(std::vector<ArchivedFile> files) {
  std::ranges::sort(files, {}, &ArchivedFile::name);
  std::set<std::string> known;
  std::string tar;
  for (const auto& file : files) {
    check(!file.name.empty() && file.name.front() != '/', "an archive holds relative names");
    for (const auto& folder : folders_above(file.name))
      if (known.insert(folder).second) tar += entry_of(folder, "", 0755, '5');
    if (!known.insert(file.name).second) fail("two files are to be archived as {}", file.name);
    tar += entry_of(file.name, file.content, file.program ? 0755 : 0644, '0');
  }
  tar.append(2 * block, '\0');
  return tar;
}

std::string compressed(std::string_view bytes) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  check(context != nullptr, "there is memory for a compressor");
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress2(context, frame.data(), frame.size(), bytes.data(), bytes.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(size) != 0) fail("cannot compress {} bytes: {}", bytes.size(), ZSTD_getErrorName(size));
  frame.resize(size);
  return frame;
}

}  // namespace reprise
