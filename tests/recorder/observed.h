// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs of Python scripts by the real program, with the Python that scripts/setup.sh makes for tests.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "harness/launch/launch.h"
#include "harness/plan/recipe.h"
#include "program.h"
#include "scratch.h"

namespace reprise {

inline const std::string test_python = REPRISE_SOURCE "/.deps/venv/bin/python";
inline const std::string test_scripts = REPRISE_SOURCE "/tests/python";

// `reprise run OPTIONS --runs runs -- WORDS` in the folder.
inline Printed run_command(const Scratch& folder, const std::string& words, const std::string& options = "",
                           const std::string& before = "") {
  return run_program(folder.path(), "run " + options + " --runs runs -- " + words, before);
}

// The folder of the only run below `folder`/runs.
inline std::filesystem::path only_run(const Scratch& folder) {
  std::filesystem::path found;
  for (const auto& plan : std::filesystem::directory_iterator(folder.path() / "runs")) {
    if (!plan.is_directory()) continue;
    INFO("beside " << found << " there is " << plan.path());
    REQUIRE(found.empty());
    found = plan.path() / "1";
  }
  return found;
}

// The baseline's of the only matrix below `folder`/runs, which has the runs of its self-test beside it.
inline std::filesystem::path baseline_run(const Scratch& folder) {
  for (const auto& one : std::filesystem::directory_iterator(folder.path() / "runs"))
    if (const auto file = one.path() / "matrix.toml"; std::filesystem::exists(file))
      return read_matrix(file).configurations.front().folder;
  FAIL("no matrix below " << folder.path());
  return {};
}

// As it was before a terminal's width broke it.
inline std::string in_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += word + " ";
  return line;
}

inline std::filesystem::path script(const Scratch& folder, const std::string& text) {
  const auto path = folder.path() / "script.py";
  std::ofstream(path) << text;
  return path;
}

}  // namespace reprise
