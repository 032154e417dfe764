// SPDX-License-Identifier: Apache-2.0
#pragma once
// What another machine needs to run native recipes, and scripts if asked for, beside its own torch: the
// programs, the shared libraries that they use beyond the C and C++ libraries, recipes, and the licences of
// all of that. The folder can lie anywhere, as the programs look for libraries from their own place.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/bundle/archive.h"

namespace reprise {

struct Bundle {
  std::string name;                     // of the folder: "reprise-0.1.0-x86_64-torch-2.11.0"
  std::vector<ArchivedFile> files;      // below that folder, its name in front
  std::string torch;                    // the version that it needs there
  std::string glibc, libstdcxx;         // the least versions that it needs there: "2.34", "3.4.30"
  std::vector<std::string> libraries;   // that are in it: "libfmt.so.9"
  bool cuda = false;                    // libreprise_cuda.so is in it
  std::string recorder;                 // the torch whose scripts it can watch: "2.11.0+cu130"; "" none
  std::vector<std::string> unlicensed;  // libraries whose licence was not found on this machine
};

// From the folder above the running program's: bin, lib and share as the build makes them, or as a bundle has
// them. An Error if the worker or a library is not there. `with_recorder`: what watches commands too, built
// for the worker's own torch; `tell` hears of that.
Bundle gather_bundle(const std::filesystem::path& home, bool with_recorder,
                     const std::function<void(const std::string&)>& tell);

}  // namespace reprise
