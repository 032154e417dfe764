// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tar archive, compressed by Zstandard: equal contents give equal bytes on every machine with the same
// libzstd. Names are sorted, and every file has the same owner (root) and time (1980-01-01). Written here:
// libarchive as a shared library brings 8 others along and makes every start 1.7 ms slower; its static
// archive links only where the linker overlooks what its other formats lack (XML, LZMA, ciphers), and both
// write a name beyond ASCII, in the C locale that this program runs in, so that GNU tar complains.
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct ArchivedFile {
  std::string name;  // "reprise/bin/reprise"
  std::string content;
  bool program = false;  // may be started: mode 755, else 644
};

// ustar, with an entry for each folder; a name of more than 100 bytes has a pax header, which every tar of
// today reads. An Error for a name that is empty or there twice.
std::string tar_of(std::vector<ArchivedFile> files);

// One Zstandard frame with a checksum.
std::string compressed(std::string_view bytes);

}  // namespace reprise
