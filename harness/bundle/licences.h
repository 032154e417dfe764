// SPDX-License-Identifier: Apache-2.0
#pragma once
// The licence texts that go with binaries: of the shared libraries in a bundle, of what is compiled into the
// programs, and reprise's own. Debian keeps one file per package.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace reprise {

inline const std::filesystem::path licence_folder = "share/doc/reprise/licences";  // of a bundle

struct Licences {
  std::map<std::string, std::string> texts;  // "libfmt9.txt" -> the text
  std::vector<std::string> missing;          // libraries and packages without one on this machine
};

// `libraries`: name -> file. What HOME/share/doc/reprise/licences holds comes along.
Licences licences_of(const std::map<std::string, std::filesystem::path>& libraries,
                     const std::filesystem::path& home);

}  // namespace reprise
