// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/command_setting.h"

#include "harness/base/files.h"
#include "harness/plan/command_table.h"
#include "harness/plan/environment.h"
#include "harness/watch/kept_torch.h"
#include "harness/watch/observed_torch.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

Variables command_environment(const Plan& plan) {
  auto variables = run_environment(plan);
  for (const auto& [name, value] : plan.command->variables) variables[name] = value;
  for (const auto& name : plan.command->keep_env)
    if (const std::string value = environment_text(name.c_str()); !value.empty())
      variables.emplace(name, value);
  if (const std::string places = environment_text("PYTHONPATH"); !places.empty())
    variables.emplace("PYTHONPATH", places);
  return variables;
}

std::optional<Recorder> recorder_through(const Entrance& entrance, const Variables& variables,
                                         const fs::path& folder,
                                         const std::function<void(const std::string&)>& tell) {
  if (entrance.libtorch) return recorder_for_libtorch(*entrance.libtorch, variables, tell);
  if (!entrance.python) return std::nullopt;
  return recorder_for(*entrance.python, variables, folder, tell);
}

// A Python is asked for its torch once by this process, which takes a while: it asks for every run otherwise.
std::optional<Recorder> known_recorder(const Entrance& entrance, const Variables& variables,
                                       const fs::path& folder,
                                       const std::function<void(const std::string&)>& tell) {
  static std::map<std::string, std::optional<Recorder>> known;
  std::string key =
      entrance.libtorch.value_or(entrance.python.value_or(fs::path())).string() + "\n" + folder.string();
  for (const char* name : {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "XDG_CACHE_HOME"})
    if (const auto value = variables.find(name); value != variables.end()) key += "\n" + value->second;
  const auto found = known.find(key);
  if (found != known.end() && (!found->second || fs::exists(found->second->library))) return found->second;
  return known[key] = recorder_through(entrance, variables, folder, tell);
}

}  // namespace

fs::path folder_of_command(const Plan& plan) {
  return plan.command->folder.empty() ? fs::current_path() : fs::path(plan.command->folder);
}

namespace {

// `programs`: a folder in which programs are looked for first; "" for none.
CommandSetting setting_with(const Plan& plan, const std::string& out, const fs::path& programs,
                            const std::function<void(const std::string&)>& tell) {
  CommandSetting setting;
  setting.folder = folder_of_command(plan);
  setting.words = filled_words(plan, out);
  setting.variables = command_environment(plan);
  if (!programs.empty()) {
    std::string& path = setting.variables["PATH"];
    path = path.empty() ? programs.string() : programs.string() + ":" + path;
  }
  setting.program = program_of(setting.words[0], setting.variables, setting.folder);
  setting.entrance = entrance_of(setting.words, setting.variables, setting.folder);
  setting.recorder = known_recorder(setting.entrance, setting.variables, setting.folder, tell);
  return setting;
}

}  // namespace

CommandSetting command_setting(const Plan& plan, const std::string& out,
                               const std::function<void(const std::string&)>& tell) {
  CommandSetting setting = setting_with(plan, out, {}, tell);
  const std::string& wanted = plan.placement.torch;
  if (wanted.empty() || (setting.recorder && release_of(setting.recorder->torch) == wanted)) return setting;
  const auto kept = kept_torch(wanted);
  if (!kept || !kept->scripts) return setting;
  CommandSetting other = setting_with(plan, out, kept->programs(), tell);
  return other.recorder && release_of(other.recorder->torch) == wanted ? other : setting;
}

fs::path script_folder(const Plan& plan, const fs::path& folder) {
  return plan.data.empty() ? folder : (folder / plan.data.front().file).parent_path();
}

}  // namespace reprise
