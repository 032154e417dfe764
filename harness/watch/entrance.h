// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the recorder comes into what a command starts: through PYTHONPATH into a Python, through LD_PRELOAD
// into a Python that ignores it and into a program that uses LibTorch itself.
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reprise {

struct Entrance {
  std::optional<std::filesystem::path> python;  // the Python whose torch is watched; nothing: none was found
  std::optional<std::filesystem::path> libtorch;  // or the folder of the torch that a program is linked with
  bool preload = false;
};

// The program that a command starts, as a path: looked for on `environment`'s PATH and below `folder`. An
// Error if there is none.
std::filesystem::path program_of(const std::string& word,
                                 const std::map<std::string, std::string>& environment,
                                 const std::filesystem::path& folder);

// Looks at the first word that is a Python, is run by one, or is linked with LibTorch: the others are taken
// for helpers (`timeout 60 python train.py`). Where no word is, the usual python3. An Error if words[0] is no
// program.
Entrance entrance_of(const std::vector<std::string>& words,
                     const std::map<std::string, std::string>& environment,
                     const std::filesystem::path& folder);

}  // namespace reprise
