// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a command is started with, before the recorder comes along: its words, program and variables, and the
// recorder for the torch that it will find.
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/plan/plan.h"
#include "harness/watch/entrance.h"
#include "harness/watch/recorder.h"

namespace reprise {

struct CommandSetting {
  std::filesystem::path folder, program;
  std::vector<std::string> words;  // filled in, words[0] as it was typed
  std::map<std::string, std::string> variables;
  Entrance entrance;
  std::optional<Recorder> recorder;
};

// Where the plan's command is started.
std::filesystem::path folder_of_command(const Plan& plan);

// With the programs of a kept torch (kept_torch.h) first on PATH, where the plan wants that version and finds
// it so and not otherwise. `out`: the folder that {out} stands for. An Error where the program is not there,
// or no recorder can be built for its torch.
CommandSetting command_setting(const Plan& plan, const std::string& out,
                               const std::function<void(const std::string&)>& tell);

// The folder of the first script that the command names, else the one it is started in.
std::filesystem::path script_folder(const Plan& plan, const std::filesystem::path& folder);

}  // namespace reprise
