// SPDX-License-Identifier: Apache-2.0
#include "harness/container/zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise {
namespace {

constexpr std::uint64_t end_bytes = 22, end64_bytes = 56, locator_bytes = 20, entry_bytes = 46,
                        local_bytes = 30;
constexpr std::uint32_t end_mark = 0x06054b50, end64_mark = 0x06064b50, locator_mark = 0x07064b50,
                        entry_mark = 0x02014b50, local_mark = 0x04034b50;

struct Directory {
  std::uint64_t begin, length, count;
};

// Where the record that ends an archive lies: it is the last, but a comment may follow it.
std::uint64_t end_record(Bytes file) {
  constexpr std::uint64_t longest_comment = 0xFFFF;
  if (file.size() < end_bytes)
    broken("it is a zip archive of {} bytes, too few for its directory", file.size());
  const std::uint64_t last = file.size() - end_bytes,
                      first = last > longest_comment ? last - longest_comment : 0;
  for (std::uint64_t at = last + 1; at-- > first;)
    if (number_at<std::uint32_t>(file, at) == end_mark &&
        number_at<std::uint16_t>(file, at + 20) == file.size() - at - end_bytes)
      return at;
  broken("it is a zip archive without a directory at its end: it was cut short");
}

Directory directory_of(Bytes file) {
  const std::uint64_t end = end_record(file);
  Directory directory{number_at<std::uint32_t>(file, end + 16), number_at<std::uint32_t>(file, end + 12),
                      number_at<std::uint16_t>(file, end + 10)};
  std::uint64_t limit = end;
  if (end >= locator_bytes && number_at<std::uint32_t>(file, end - locator_bytes) == locator_mark) {
    const std::uint64_t at = number_at<std::uint64_t>(file, end - locator_bytes + 8);
    limit = end - locator_bytes;
    if (limit < end64_bytes || at > limit - end64_bytes || number_at<std::uint32_t>(file, at) != end64_mark)
      broken("its zip directory is not where the archive says");
    directory = {number_at<std::uint64_t>(file, at + 48), number_at<std::uint64_t>(file, at + 40),
                 number_at<std::uint64_t>(file, at + 32)};
    limit = at;
  }
  if (directory.begin > limit || directory.length > limit - directory.begin)
    broken("its zip directory reaches beyond the archive");
  return directory;
}

// The ZIP64 extra field holds, in this order, those of the three numbers that do not fit 32 bits.
void widen(Bytes extra, ZipRecord& record) {
  constexpr std::uint32_t wide = 0xFFFFFFFF;
  constexpr std::uint16_t zip64 = 1;
  while (extra.size() >= 4) {
    const auto kind = number_at<std::uint16_t>(extra, 0), length = number_at<std::uint16_t>(extra, 2);
    if (length > extra.size() - 4) broken("an extra field of its zip directory is too long");
    Bytes field = extra.subspan(4, length);
    extra = extra.subspan(4 + length);
    if (kind != zip64) continue;
    for (std::uint64_t* number : {&record.size, &record.packed, &record.header}) {
      if (*number != wide) continue;
      if (field.size() < 8) broken("a ZIP64 field of its zip directory is too short");
      *number = number_at<std::uint64_t>(field, 0);
      field = field.subspan(8);
    }
  }
}

Kept inflated(Bytes packed, const ZipRecord& record) {
  if (record.size > most_bytes_from(record.packed))
    throw Broken(fmt::format("a record would inflate {} bytes to {}: a zip bomb", record.packed, record.size),
                 "do not trust where it came from");
  const auto memory =
      std::make_shared<std::vector<std::byte>>(record.size + 1);  // one more shows what is too long
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) broken("zlib does not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closing(&stream, inflateEnd);
  std::uint64_t taken = 0, made = 0;
  constexpr std::uint64_t portion = 1u << 30;
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data() + taken));
    stream.avail_in = static_cast<uInt>(std::min(portion, packed.size() - taken));
    stream.next_out = reinterpret_cast<Bytef*>(memory->data() + made);
    stream.avail_out = static_cast<uInt>(std::min(portion, memory->size() - made));
    const std::uint64_t in = stream.avail_in, out = stream.avail_out;
    state = inflate(&stream, Z_NO_FLUSH);
    taken += in - stream.avail_in, made += out - stream.avail_out;
    if (made > record.size) break;
  }
  if (state != Z_STREAM_END || made != record.size || taken != packed.size())
    broken("a record does not inflate to the {} bytes that it declares", record.size);
  std::uint64_t summed = 0;
  uLong sum = crc32(0, nullptr, 0);
  for (; summed < made; summed += portion)
    sum = crc32(sum, reinterpret_cast<const Bytef*>(memory->data() + summed),
                static_cast<uInt>(std::min(portion, made - summed)));
  if (sum != record.checksum) broken("a record's checksum does not match its bytes");
  return {Bytes(*memory).first(made), memory};
}

}  // namespace

bool is_zip(Bytes start) { return starts_with(start, "PK\3\4") || starts_with(start, "PK\5\6"); }

ZipArchive::ZipArchive(Kept archive) : archive_(std::move(archive)) {
  const Directory directory = directory_of(archive_.bytes);
  read_directory(directory.begin, directory.length, directory.count);
  for (auto& [name, record] : records_) place(name, record);
  check_places(directory.begin);
}

void ZipArchive::read_directory(std::uint64_t begin, std::uint64_t length, std::uint64_t count) {
  Bytes rest = archive_.bytes.subspan(begin, length);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (rest.size() < entry_bytes || number_at<std::uint32_t>(rest, 0) != entry_mark)
      broken("its zip directory ends after {} of {} records", i, count);
    const auto flags = number_at<std::uint16_t>(rest, 8), method = number_at<std::uint16_t>(rest, 10);
    const std::uint64_t name_bytes = number_at<std::uint16_t>(rest, 28),
                        extra_bytes = number_at<std::uint16_t>(rest, 30),
                        comment_bytes = number_at<std::uint16_t>(rest, 32);
    if (rest.size() - entry_bytes < name_bytes + extra_bytes + comment_bytes)
      broken("its zip directory ends within record {}", i);
    const std::string name(text_of(rest.subspan(entry_bytes, name_bytes)));
    ZipRecord record{.header = number_at<std::uint32_t>(rest, 42),
                     .packed = number_at<std::uint32_t>(rest, 20),
                     .size = number_at<std::uint32_t>(rest, 24),
                     .checksum = number_at<std::uint32_t>(rest, 16),
                     .deflated = method == 8};
    widen(rest.subspan(entry_bytes + name_bytes, extra_bytes), record);
    if ((flags & 1) != 0)
      throw Broken(fmt::format("its record '{}' is encrypted", shown(name)), "save it without a password");
    if (method != 0 && method != 8)
      throw Broken(fmt::format("its record '{}' is packed by method {}", shown(name), method),
                   "pack it by deflate, or not at all");
    if (!record.deflated && record.packed != record.size)
      broken("its record '{}' has two sizes", shown(name));
    if (!records_.emplace(name, record).second) broken("two records have the name '{}'", shown(name));
    rest = rest.subspan(entry_bytes + name_bytes + extra_bytes + comment_bytes);
  }
}

void ZipArchive::place(const std::string& name, ZipRecord& record) const {
  const Bytes file = archive_.bytes;
  if (file.size() < local_bytes || record.header > file.size() - local_bytes ||
      number_at<std::uint32_t>(file, record.header) != local_mark)
    broken("its record '{}' is not where the zip directory says", shown(name));
  const std::uint64_t name_bytes = number_at<std::uint16_t>(file, record.header + 26);
  record.begin =
      record.header + local_bytes + name_bytes + number_at<std::uint16_t>(file, record.header + 28);
  if (record.begin > file.size() || record.packed > file.size() - record.begin)
    broken("its record '{}' reaches beyond the file: it was cut short", shown(name));
  if (text_of(file.subspan(record.header + local_bytes, name_bytes)) != name)
    broken("its record '{}' has another name in the zip directory", shown(name));
}

void ZipArchive::check_places(std::uint64_t directory) const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const auto& [name, record] : records_)
    ranges.emplace_back(record.header, record.begin + record.packed);
  std::ranges::sort(ranges);
  ranges.emplace_back(directory, directory);
  for (std::size_t i = 1; i < ranges.size(); ++i)
    if (ranges[i].first < ranges[i - 1].second) broken("two of its zip records overlap");
}

const ZipRecord* ZipArchive::find(std::string_view name) const {
  const auto found = records_.find(name);
  return found == records_.end() ? nullptr : &found->second;
}

Kept ZipArchive::content(const ZipRecord& record) const {
  const Kept packed = part_of(archive_, record.begin, record.packed);
  return record.deflated ? inflated(packed.bytes, record) : packed;
}

}  // namespace reprise
