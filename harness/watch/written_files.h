// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files that a run of a command was seen to write and that are still there.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

struct WrittenFile {
  std::filesystem::path place;  // where it lies now: in the run's folder if the run had a view of its own
  std::string name;             // for people: relative to the folder that the command was started in
  // False: it only came or changed while the run went on, though what the run's programs open was noted.
  // Another program may have written it, such as the shell that this one's own output is led to.
  bool opened = true;
};

// Of a run that has ended, by the bytes of their paths.
std::vector<WrittenFile> files_written_by(const std::filesystem::path& run);

// Whether the plan is of a whole run, not a short or closer one of another: that one tells what it left.
bool is_told_whole(const Plan& plan);

}  // namespace reprise
