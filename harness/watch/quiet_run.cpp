// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/quiet_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/process.h"

namespace reprise {

namespace fs = std::filesystem;

Said run_quietly(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                 const fs::path& folder) {
  std::string pattern = (fs::temp_directory_path() / "reprise-XXXXXX").string();
  const int file = ::mkstemp(pattern.data());
  if (file < 0)
    fail("cannot write in {}: set TMPDIR to a folder that can be written",
         fs::temp_directory_path().string());
  ::close(file);
  try {
    Process process({words, environment, pattern, folder}, std::chrono::minutes(10));
    const ProcessEnd end = process.wait();
    Said said{end.signal == 0 && !end.timed_out && end.exit_code == 0, read_file(pattern, "output")};
    if (end.timed_out)
      said.ended = "it was not done within 10 minutes";
    else if (end.signal != 0)
      said.ended = fmt::format("it was ended by signal {}", end.signal);
    fs::remove(pattern);
    return said;
  } catch (...) {
    fs::remove(pattern);
    throw;
  }
}

}  // namespace reprise
