// SPDX-License-Identifier: Apache-2.0
#pragma once
// A short program run for its answer: a compiler, a Python that is asked something, the dynamic loader.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace reprise {

struct Said {
  bool well = false;  // it ended by itself, with exit code 0
  std::string text;   // standard output and error
  // "it was not done within 10 minutes", "it was ended by signal 9"; "" where it ended by itself.
  std::string ended = {};
};

// Waits at most ten minutes. An Error if the program cannot be started.
Said run_quietly(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                 const std::filesystem::path& folder);

}  // namespace reprise
