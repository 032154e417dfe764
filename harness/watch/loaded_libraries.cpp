// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/loaded_libraries.h"

#include "harness/base/text.h"
#include "harness/watch/elf.h"
#include "harness/watch/quiet_run.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

// "\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x...)"
std::map<std::string, fs::path> named_in(const std::string& text) {
  std::map<std::string, fs::path> found;
  for (const auto& line : split(text, '\n')) {
    const auto arrow = line.find(" => /"), end = line.rfind(" (0x");
    if (arrow == std::string::npos || end == std::string::npos || end < arrow) continue;
    found[std::string(trim(line.substr(0, arrow)))] = line.substr(arrow + 4, end - arrow - 4);
  }
  return found;
}

// A program of another architecture has another loader, which is not here, or would be run by whatever the
// kernel knows.
bool can_be_asked(const fs::path& program) { return fs::exists(loader_of(program)); }

}  // namespace

std::map<std::string, fs::path> libraries_loaded_by(const fs::path& program,
                                                    std::map<std::string, std::string> environment,
                                                    const fs::path& folder) {
  if (loader_of(program).find("/ld-linux") == std::string::npos) return {};
  if (!can_be_asked(program)) return {};
  environment.insert_or_assign("LD_TRACE_LOADED_OBJECTS", std::string("1"));
  return named_in(run_quietly({program.string()}, environment, folder).text);
}

std::map<std::string, fs::path> libraries_needed_by(const fs::path& library, const fs::path& program) {
  if (loader_of(program).find("/ld-linux") == std::string::npos) return {};
  return named_in(
      run_quietly({loader_of(program), library.string()}, {{"LD_TRACE_LOADED_OBJECTS", "1"}}, {}).text);
}

}  // namespace reprise
