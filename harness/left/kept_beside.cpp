// SPDX-License-Identifier: Apache-2.0
#include "harness/left/kept_beside.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/trace/predictions_file.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr const char* names[] = {"left.json", "log.txt", predictions_file_name};

std::string line_of(const fs::path& run, const std::string& name) {
  return fmt::format("{}  {}\n", sha256_file(run / name), name);
}

}  // namespace

void write_beside(const fs::path& run) {
  if (fs::exists(run / beside_file_name)) return;
  std::string text;
  for (const char* name : names)
    if (fs::is_regular_file(run / name)) text += line_of(run, name);
  write_atomically(run / beside_file_name, text);
}

BesideState beside_state(const fs::path& run, const std::string& name) {
  if (!fs::is_regular_file(run / beside_file_name)) return BesideState::unknown;
  const std::string kept = read_file(run / beside_file_name, "digests of what a run left");
  const bool is_there = fs::is_regular_file(run / name);
  if (is_there && kept.find(line_of(run, name)) != std::string::npos) return BesideState::as_it_ended;
  const bool was_there = kept.find("  " + name + "\n") != std::string::npos;
  return is_there || was_there ? BesideState::changed : BesideState::as_it_ended;
}

bool is_copy(const fs::path& run, const LeftFile& file) {
  return fs::is_regular_file(run / file.text) && sha256_file(run / file.text) == file.sha256;
}

void check_beside(const fs::path& run, const std::string& name) {
  const BesideState state = beside_state(run, name);
  if (state == BesideState::changed)
    fail("its {} is not what it was when the run ended; --again makes the run anew", name);
  if (state == BesideState::unknown)
    fail("no digest of its {} was kept when it ended (an older reprise made it); --again makes it anew",
         name);
}

}  // namespace reprise
