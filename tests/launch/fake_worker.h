// SPDX-License-Identifier: Apache-2.0
#pragma once
// A worker that is a few lines of shell, so that tests of launching need no LibTorch. $1 is the plan, $2 the
// trace.
#include <filesystem>
#include <string>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/launch/launch.h"
#include "plan/small_recipe.h"

namespace reprise {

struct FakeWorker {
  Scratch scratch;
  LaunchOptions options;
  Plan plan = small_recipe(scratch).defaults;
  std::vector<std::string> told;

  explicit FakeWorker(const std::string& script) {
    options.runs = scratch / "runs";
    options.worker = scratch / "worker";
    options.cores = 2;
    options.progress = [this](const LaunchEvent& event) {
      if (const std::string line = to_sentence(event); !line.empty()) told.push_back(line);
    };
    write_script(script);
  }
  void write_script(const std::string& script) {
    write_atomically(options.worker, "#!/bin/sh\n" + script);
    std::filesystem::permissions(options.worker, std::filesystem::perms::owner_all);
  }
  RunResult run_once() { return launch({{"baseline", plan, 1}}, options).at(0); }
  // The lines of a file that workers append to.
  std::vector<std::string> lines(const std::string& name) const {
    std::vector<std::string> result;
    if (!std::filesystem::exists(scratch / name)) return result;
    for (const auto& line : split(read_file(scratch / name, "file"), '\n'))
      if (!line.empty()) result.push_back(line);
    return result;
  }
  std::string path(const std::string& name) const { return "'" + (scratch / name).string() + "'"; }
};

// What a worker does that ends well.
inline constexpr const char* good_script = "echo trace > \"$2\"\n";

}  // namespace reprise
