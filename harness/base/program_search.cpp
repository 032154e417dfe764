// SPDX-License-Identifier: Apache-2.0
#include "harness/base/program_search.h"

#include <unistd.h>

#include "harness/base/text.h"

namespace reprise {

namespace fs = std::filesystem;

bool can_be_started(const fs::path& program) {
  std::error_code ignored;
  return ::access(program.c_str(), X_OK) == 0 && !fs::is_directory(program, ignored);
}

std::optional<fs::path> find_program(std::string_view name, std::string_view folders) {
  if (name.empty()) return std::nullopt;
  for (const auto& folder : split(folders, ':'))
    if (!folder.empty() && can_be_started(fs::path(folder) / name)) return fs::path(folder) / name;
  return std::nullopt;
}

}  // namespace reprise
