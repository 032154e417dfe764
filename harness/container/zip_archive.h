// SPDX-License-Identifier: Apache-2.0
#pragma once
// The records of a zip archive in memory, ZIP64 too, stored or deflated. Opening one proves that the records
// lie within the archive, one after the other, under names that differ; a stored record is then a view, a
// deflated one is inflated when it is asked for, never to more than it declares. Checksums of stored records
// are not asked: PyTorch can be told to write none. Written here:
// libraries copy each record out, where views of a mapped file are wanted, and prove no places.
#include <map>
#include <string>

#include "harness/container/mapped_file.h"

namespace reprise {

struct ZipRecord {
  std::uint64_t header = 0;  // where its local header begins
  std::uint64_t packed = 0, size = 0;
  std::uint32_t checksum = 0;
  bool deflated = false;
  std::uint64_t begin = 0;  // where its bytes begin
};

class ZipArchive {
 public:
  explicit ZipArchive(Kept archive);
  const std::map<std::string, ZipRecord, std::less<>>& records() const { return records_; }
  // nullptr if there is none of that name.
  const ZipRecord* find(std::string_view name) const;
  Kept content(const ZipRecord& record) const;

 private:
  void read_directory(std::uint64_t begin, std::uint64_t length, std::uint64_t count);
  void place(const std::string& name, ZipRecord& record) const;
  void check_places(std::uint64_t directory) const;

  Kept archive_;
  std::map<std::string, ZipRecord, std::less<>> records_;
};

bool is_zip(Bytes start);

}  // namespace reprise
