// SPDX-License-Identifier: Apache-2.0
#pragma once
// The shared libraries that must travel with a program: everything it needs, in turn too, except what every
// Linux has (C, C++ and mathematics libraries) and what a torch brings along.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace reprise {

struct SharedLibraries {
  std::map<std::string, std::filesystem::path> files;  // "libz.so.1" -> where the loader finds it here
  std::string glibc, libstdcxx;                        // the newest versions that all of them name
};

// `programs` may be programs or libraries; the first is a program. An Error if one of their libraries is not
// found by the loader.
SharedLibraries libraries_to_carry(const std::vector<std::filesystem::path>& programs);

}  // namespace reprise
