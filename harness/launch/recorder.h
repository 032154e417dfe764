// SPDX-License-Identifier: Apache-2.0
#pragma once
// The recorder is a library that watches a Python process from inside. It must be built for exactly the torch
// that is watched (a foreign one is misread, mostly in silence), from the headers which every torch brings
// along. It is built on first use and kept.
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reprise {

struct Recorder {
  std::filesystem::path library;  // for this torch
  std::filesystem::path site;     // goes first on PYTHONPATH
  std::string torch;              // its version: "2.11.0+cu130"
};

// The program that a command starts, as a path: looked for on `environment`'s PATH and below `folder`. An
// Error if there is none.
std::filesystem::path program_of(const std::string& word,
                                 const std::map<std::string, std::string>& environment,
                                 const std::filesystem::path& folder);

// The Python that a program is or is run by (its first line says so); nothing if it is neither.
std::optional<std::filesystem::path> python_of(const std::filesystem::path& program,
                                               const std::map<std::string, std::string>& environment);

// The recorder for the torch that `python` would import when started in `folder`; nothing if it has no torch.
// An Error if one is there but none can be built for it, with the compiler's first complaint. `tell` hears of
// a build, which takes about 15 seconds.
std::optional<Recorder> recorder_for(const std::filesystem::path& python,
                                     const std::map<std::string, std::string>& environment,
                                     const std::filesystem::path& folder,
                                     const std::function<void(const std::string&)>& tell);

}  // namespace reprise
