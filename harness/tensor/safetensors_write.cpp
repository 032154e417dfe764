// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/error.h"
#include "harness/tensor/element_walk.h"
#include "harness/tensor/safetensors.h"

namespace reprise {
namespace fs = std::filesystem;

namespace {

// A file that grows under PATH.partial, and is gone again unless it was finished.
class PartialFile {
 public:
  explicit PartialFile(const fs::path& path) : path_(path), partial_(path.string() + ".partial") {
    file_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file_ < 0) give_up(errno);
  }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile() {
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(partial_.c_str());
  }

  void write(Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) give_up(errno);
      if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void finish() {
    if (::fsync(file_) != 0 && errno != EINVAL) give_up(errno);
    if (::rename(partial_.c_str(), path_.c_str()) != 0) give_up(errno);
    const int closing = std::exchange(file_, -1);
    if (::close(closing) != 0) give_up(errno);
  }

 private:
  [[noreturn]] void give_up(int error) const {
    fail("cannot write the checkpoint {}: {}; free some space or name another folder", path_.string(),
         std::strerror(error));
  }

  fs::path path_, partial_;
  int file_ = -1;
};

// The length and the JSON text, padded with spaces so that the data begins at a multiple of 8.
std::string header_of(const std::vector<const StoredTensor*>& sorted,
                      const std::map<std::string, std::string>& metadata) {
  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const StoredTensor* tensor : sorted) {
    const TensorView& view = tensor->view;
    check(element_bytes(view.dtype) == view.element_bytes, "a tensor's elements have the size of its dtype");
    const std::uint64_t end = at + elements_of(view.shape) * view.element_bytes;
    header[tensor->name] = {{"dtype", view.dtype},
                            {"shape", std::vector<std::int64_t>(view.shape.begin(), view.shape.end())},
                            {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t length = text.size();
  std::string start(sizeof length, '\0');
  std::memcpy(start.data(), &length, sizeof length);
  return start + text;
}

void write_tensor(PartialFile& file, const TensorView& view) {
  ElementWalk walk(view);
  if (const auto whole = walk.contiguous()) return file.write(*whole);
  std::vector<std::byte> portion(std::size_t{1} << 20);
  for (std::uint64_t done = 0; done < walk.bytes(); done += portion.size()) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(portion.size(), walk.bytes() - done));
    walk.take(portion.data(), size);
    file.write(Bytes(portion).first(size));
  }
}

}  // namespace

void write_safetensors(const fs::path& path, const std::vector<StoredTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<const StoredTensor*> sorted;
  for (const StoredTensor& tensor : tensors) sorted.push_back(&tensor);
  std::ranges::sort(sorted, {},
                    [](const StoredTensor* tensor) -> const std::string& { return tensor->name; });
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i]->name == "__metadata__" || (i > 0 && sorted[i]->name == sorted[i - 1]->name))
      fail("a checkpoint cannot hold {} tensor named '{}'; give each a name of its own",
           sorted[i]->name == "__metadata__" ? "a" : "a second", sorted[i]->name);
  const std::string header = header_of(sorted, metadata);
  PartialFile file(path);
  file.write(std::as_bytes(std::span(header)));
  for (const StoredTensor* tensor : sorted) write_tensor(file, tensor->view);
  file.finish();
}

}  // namespace reprise
