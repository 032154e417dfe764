// SPDX-License-Identifier: Apache-2.0
#include "harness/container/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"

namespace reprise {

Kept map_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    if (errno == ENOENT) fail("no checkpoint at {}; check the path", path.string());
    fail("cannot read the checkpoint {}: {}; check who may read it", path.string(), std::strerror(errno));
  }
  struct stat about {};
  const bool plain = ::fstat(file, &about) == 0 && S_ISREG(about.st_mode);
  const auto size = plain ? static_cast<std::size_t>(about.st_size) : 0;
  void* memory = size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : nullptr;
  ::close(file);
  if (!plain) fail("wanted a checkpoint, found no regular file: {}; name the file itself", path.string());
  if (memory == MAP_FAILED)
    fail("cannot read the checkpoint {}: {}; copy it to a local disk", path.string(), std::strerror(errno));
  if (size == 0) return {};
  const std::shared_ptr<const void> owner(memory, [size](void* at) { ::munmap(at, size); });
  return {Bytes(static_cast<const std::byte*>(memory), size), owner};
}

}  // namespace reprise
