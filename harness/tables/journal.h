// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file that only grows, so that no later write can cost what stands in it: records one after the other,
// each with a check that binds it to all before it (docs/trace-format.md, 3.2). What HDF5 rewrites in place
// may be lost with the power; what a journal was synced with is not.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/tensor/digest.h"

namespace reprise {

// What of a record stands before its content.
struct RecordHead {
  char kind[16];
  std::uint64_t number, bytes;
  Digest check;
};
static_assert(sizeof(RecordHead) == 48);

// Each failure is a Trouble (hdf5.h) with the system's reason, like one of the trace that the journal is of.
class Journal {
 public:
  Journal() = default;
  ~Journal() { close(); }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // An empty one; what was at `path` is gone. Its name is on the disk when this comes back.
  void create(const std::filesystem::path& path);
  // One record. A SIGKILL does not cost it from here on. After a failure the records before stay whole, and
  // no more can be appended or synced: what the next one followed would be missing.
  void append(std::span<const std::byte> content);
  // From here on a lost power does not cost what was appended.
  void sync();
  bool synced() const { return synced_ == end_; }
  // Closes it and removes the file.
  void remove();

 private:
  void close();
  template <class Work>
  void guarded(Work work);

  std::filesystem::path path_;
  int file_ = -1;
  std::string failure_;
  std::uint64_t number_ = 0, end_ = 0, synced_ = 0;
  Digest check_;
};

// Reads the records from the first to the last that is whole.
class JournalReader {
 public:
  explicit JournalReader(const std::filesystem::path& path);

  // The content of the next record; nothing at the end, and where a record is not whole.
  std::optional<std::vector<std::byte>> next();
  // Bytes behind the last record that was given.
  std::uint64_t rest() const { return size_ - at_; }

 private:
  std::ifstream in_;
  std::uint64_t size_ = 0, at_ = 0, number_ = 0;
  Digest check_;
};

// The name of a folder's entries reaches the disk. A Trouble if it does not.
void sync_folder(const std::filesystem::path& folder);
// The content of a file reaches the disk.
void sync_file(const std::filesystem::path& path);

}  // namespace reprise
