// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/data_file.h"

#include <zlib.h>

#include <array>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/record/skip.h"

namespace reprise {
namespace fs = std::filesystem;

std::vector<fs::path> data_folders() {
  std::vector<fs::path> folders;
  if (const auto named = environment_text("REPRISE_DATA"); !named.empty()) folders.emplace_back(named);
  folders.push_back((fs::current_path() / ".." / "shared" / "data").lexically_normal());
  // The program lies in CHECKOUT/BUILD/bin.
  folders.push_back((program_folder() / ".." / ".." / ".." / "shared" / "data").lexically_normal());
  if (const fs::path cache = cache_folder(); !cache.empty()) folders.push_back(cache / "data");
  return folders;
}

namespace {

struct Inflation {
  z_stream stream{};
  // 15 + 32: the largest window, and gzip or zlib headers recognised.
  explicit Inflation(std::string_view where) {
    if (inflateInit2(&stream, 15 + 32) != Z_OK) fail("cannot unpack {}: zlib does not start", where);
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() { inflateEnd(&stream); }
};

}  // namespace

std::string unpacked(std::string_view gzip, std::string_view where) {
  Inflation inflation(where);
  z_stream& stream = inflation.stream;
  // zlib's interface takes a pointer to bytes that it does not change.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::string content;
  std::vector<char> piece(std::size_t{1} << 16);
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int state = inflate(&stream, Z_NO_FLUSH);
    content.append(piece.data(), piece.size() - stream.avail_out);
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0) return content;
      if (inflateReset(&stream) != Z_OK) break;
      continue;
    }
    if (state != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0)) break;
  }
  fail("cannot unpack {}: it is not a complete gzip file; fetch it again", where);
}

namespace {

std::string missing(const DataFile& file, const std::vector<fs::path>& folders) {
  std::vector<std::string> places;
  for (const auto& folder : folders) places.push_back(folder.string());
  return fmt::format(
      "the data file {} is not here; fetch it from {} and put it into one of these folders: {}", file.file,
      file.source.empty() ? "where the recipe says" : file.source, join(places, ", "));
}

}  // namespace

std::string read_data(const DataFile& file, const std::vector<fs::path>& folders) {
  for (const auto& folder : folders) {
    const fs::path path = folder / file.file;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) continue;
    std::string content = read_file(path, "data file");
    if (file.file.ends_with(".gz")) content = unpacked(content, path.string());
    const std::string found = sha256_text(content);
    if (found != file.sha256)
      fail("{} is not the data that the recipe names: wanted SHA-256 {}{}, found {}; fetch it again from {}",
           path.string(), file.sha256, file.file.ends_with(".gz") ? " of the unpacked content" : "", found,
           file.source.empty() ? "its source" : file.source);
    return content;
  }
  throw Skip(missing(file, folders));
}

}  // namespace reprise
