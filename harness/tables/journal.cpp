// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "harness/hdf5/hdf5.h"

namespace reprise {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view record_kind = "reprise.record.1";

Digest check_of(std::uint64_t number, const Digest& before, std::span<const std::byte> content) {
  const std::array<Digest, 2> bound = {before, tree_root(leaf_digests(content))};
  const std::array<std::uint64_t, 2> sizes = {number, content.size()};
  return seal(record_kind, "", sizes, tree_root(bound));
}

[[noreturn]] void give_up() { throw h5::Trouble(std::strerror(errno)); }

// Some file systems cannot sync, and say so by EINVAL.
void sync_opened(int file, int failed) {
  const int error = failed != 0 && errno != EINVAL ? errno : 0;
  if (file >= 0) ::close(file);
  if (error != 0) throw h5::Trouble(std::strerror(error));
}

void sync_path(const fs::path& path, int kind) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | kind);
  if (file < 0) give_up();
  sync_opened(file, ::fsync(file));
}

void write_at(int file, std::span<const std::byte> bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) give_up();
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    at += static_cast<std::uint64_t>(wrote);
  }
}

}  // namespace

void sync_file(const fs::path& path) { sync_path(path, 0); }

void sync_folder(const fs::path& folder) { sync_path(folder.empty() ? fs::path(".") : folder, O_DIRECTORY); }

void Journal::create(const fs::path& path) {
  path_ = path;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file_ < 0) give_up();
  sync_folder(path.parent_path());
}

template <class Work>
void Journal::guarded(Work work) {
  if (!failure_.empty()) throw h5::Trouble(failure_);
  try {
    work();
  } catch (const h5::Trouble& trouble) {
    failure_ = trouble.what();
    throw;
  }
}

void Journal::append(std::span<const std::byte> content) {
  RecordHead head{{}, number_, content.size(), check_of(number_, check_, content)};
  std::memcpy(head.kind, record_kind.data(), sizeof head.kind);
  guarded([&] {
    write_at(file_, std::as_bytes(std::span(&head, 1)), end_);
    write_at(file_, content, end_ + sizeof head);
  });
  end_ += sizeof head + content.size();
  check_ = head.check;
  ++number_;
}

void Journal::sync() {
  if (synced()) return;
  const std::uint64_t end = end_;
  guarded([&] { sync_opened(-1, ::fdatasync(file_)); });
  synced_ = end;
}

void Journal::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

void Journal::remove() {
  close();
  std::error_code error;
  fs::remove(path_, error);
  if (error) throw h5::Trouble(error.message());
}

JournalReader::JournalReader(const fs::path& path) : in_(path, std::ios::binary) {
  std::error_code error;
  size_ = fs::file_size(path, error);
  if (error || !in_) throw h5::Trouble(error ? error.message() : std::strerror(errno));
}

std::optional<std::vector<std::byte>> JournalReader::next() {
  RecordHead head{};
  if (rest() < sizeof head) return std::nullopt;
  in_.seekg(static_cast<std::streamoff>(at_));
  in_.read(reinterpret_cast<char*>(&head), sizeof head);
  if (!in_ || record_kind != std::string_view(head.kind, sizeof head.kind) || head.number != number_ ||
      head.bytes > rest() - sizeof head)
    return std::nullopt;
  std::vector<std::byte> content(head.bytes);
  in_.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size()));
  if (!in_ || check_of(number_, check_, content) != head.check) return std::nullopt;
  check_ = head.check;
  ++number_;
  at_ += sizeof head + content.size();
  return content;
}

}  // namespace reprise
