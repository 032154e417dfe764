// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "harness/base/error.h"
#include "harness/trace/trace_file.h"

namespace reprise {
namespace fs = std::filesystem;

// The superblock of HDF5 (version 2 and later) says in bytes 28 to 35 how long the file was when it was
// flushed. HDF5 itself does not compare when a file is opened while its writer's mark is set.
void check_length(const fs::path& path) {
  const std::uint64_t size = fs::file_size(path);
  constexpr std::array<unsigned char, 8> signature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  constexpr std::size_t superblock = 48;
  std::array<char, superblock> start{};
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("cannot read the trace {}: {}; check who may read it", path.string(), std::strerror(errno));
  in.read(start.data(), superblock);
  if (std::memcmp(start.data(), signature.data(), std::min<std::size_t>(size, signature.size())) != 0 ||
      size == 0)
    fail("wanted a trace (an HDF5 file), found {}: {}; name the trace.h5 of a run",
         size == 0 ? "an empty file" : "another kind of file", path.string());
  std::uint64_t whole = superblock;
  if (size >= superblock && (start[8] == 2 || start[8] == 3))
    std::memcpy(&whole, start.data() + 28, sizeof whole);
  if (size < whole)
    fail("the trace {} is cut short: it has {} bytes of {}; copy it again, or run it again", path.string(),
         size, whole);
}

fs::path find_trace(const fs::path& path) {
  fs::path found = path;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    found = path / "trace.h5";
    if (!fs::exists(found, ignored)) found += ".partial";
    if (!fs::exists(found, ignored))
      fail("wanted a trace, found a folder without trace.h5: {}; name a run's folder or its trace.h5",
           path.string());
  }
  if (!fs::exists(found, ignored)) fail("no trace at {}; check the path", path.string());
  if (!fs::is_regular_file(found, ignored))
    fail("wanted a trace, found no regular file: {}; name the trace.h5 of a run", found.string());
  return found;
}

}  // namespace reprise
