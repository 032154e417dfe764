// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tar archive, compressed by Zstandard: equal contents give equal bytes on every machine with the same
// libzstd. Names are sorted, and every file has the same owner (root) and time (1980-01-01). Written here, as
// libarchive would draw 13 libraries and 30 MB of Unicode tables into a program that must stay small.
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct ArchivedFile {
  std::string name;  // "reprise/bin/reprise"; at most 100 bytes, of 512-byte ustar headers
  std::string content;
  bool program = false;  // may be started: mode 755, else 644
};

// ustar, with an entry for each folder. An Error for a name that is too long, empty or there twice.
std::string tar_of(std::vector<ArchivedFile> files);

// One Zstandard frame with a checksum.
std::string compressed(std::string_view bytes);

}  // namespace reprise
