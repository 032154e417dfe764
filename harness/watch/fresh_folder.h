// SPDX-License-Identifier: Apache-2.0
#pragma once
// --fresh: each run of a command gets its own view of the working folder, as that was when the command was
// given. An overlay where the kernel allows one, else a copy. What the run writes there ends in RUN/fresh.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/process.h"
#include "harness/plan/plan.h"

namespace reprise {

struct FreshWay {
  bool overlay = false;
  std::string reason;       // why there is no overlay
  std::uint64_t bytes = 0;  // to be copied for each run
};

// How views of the plan's folder can be had; tried, not guessed. An Error where it would have to be copied
// and is too large: nothing has run then. `any_size`: copy it all the same.
FreshWay fresh_way(const Plan& plan, const std::filesystem::path& runs, bool any_size);

// Prepares the view of one run and leads its start there. `run`, `runs`: absolute. Gives back the folder as
// the run's processes see it.
std::filesystem::path enter_fresh(const FreshWay& way, const Plan& plan, const std::filesystem::path& run,
                                  const std::filesystem::path& runs, ProcessStart& start);

// What a view left, once its run has ended.
struct FreshLeft {
  std::set<std::string> written, removed;  // relative to the folder
  std::vector<std::string> notes;          // what a reader must know of the view
};

// Gathers in RUN/fresh what the run wrote, and takes the rest of the view away. Nothing of a run without one.
FreshLeft keep_fresh(const Plan& plan, const std::filesystem::path& run);
// As it was gathered.
FreshLeft fresh_left(const std::filesystem::path& run);

// "12.3 GiB".
std::string size_for_people(std::uint64_t bytes);

}  // namespace reprise
