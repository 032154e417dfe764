// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command of the shell, run as often as it is asked for, that leaves text files.
#include <string>

#include "launch/fake_worker.h"

namespace reprise {

struct ShellRun {
  Scratch scratch;
  LaunchOptions options;
  Plan plan;

  // `folder`: where it is started, below the scratch folder.
  explicit ShellRun(const std::string& words, const std::string& folder = ".") {
    std::filesystem::create_directories(scratch / folder);
    plan = recipe_of_command({"/bin/sh", "-c", words}).defaults;
    plan.command->folder = (scratch / folder).lexically_normal().string();
    plan.watch.artifacts = {"{out}/*.txt"};
    options.runs = scratch / "runs";
  }
  RunResult once() { return launch({{"baseline", plan, 1}}, options).at(0); }
};

}  // namespace reprise
