// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/loaded_libraries.h"

#include "harness/base/text.h"
#include "harness/watch/elf.h"
#include "harness/watch/quiet_run.h"

namespace reprise {

namespace fs = std::filesystem;

std::map<std::string, fs::path> libraries_loaded_by(const fs::path& program,
                                                    std::map<std::string, std::string> environment,
                                                    const fs::path& folder) {
  std::map<std::string, fs::path> found;
  if (loader_of(program).find("/ld-linux") == std::string::npos) return found;
  environment.insert_or_assign("LD_TRACE_LOADED_OBJECTS", std::string("1"));
  // "\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x...)"
  for (const auto& line : split(run_quietly({program.string()}, environment, folder).text, '\n')) {
    const auto arrow = line.find(" => /"), end = line.rfind(" (0x");
    if (arrow == std::string::npos || end == std::string::npos || end < arrow) continue;
    found[std::string(trim(line.substr(0, arrow)))] = line.substr(arrow + 4, end - arrow - 4);
  }
  return found;
}

}  // namespace reprise
