// SPDX-License-Identifier: Apache-2.0
#pragma once
// The runs that a person named for a baseline: those that ended well, and those that did not, with the
// reason, so that a run that died is never taken for one that nobody asked for.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/baseline/baseline.h"

namespace reprise {

struct GivenRun {
  std::filesystem::path folder;
  std::string recipe;            // "" where it could not be read
  std::optional<Baseline> gave;  // nothing: it is untested
  std::string trouble;           // why
};

// Each argument is a run's folder or a folder with runs below it (any depth), of which those that a person
// asked for count (judge/gathered/gathering.h). Sorted by path within an argument. An Error for a path that
// holds no run.
std::vector<GivenRun> given_runs(const std::vector<std::string>& arguments);

}  // namespace reprise
