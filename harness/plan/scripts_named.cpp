// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/scripts_named.h"

#include <algorithm>
#include <fstream>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

bool begins_as_script(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return in.get() == '#' && in.get() == '!';
}

// A program of the system, or one that an installation made, is no script of the user's.
bool is_own_script(const std::string& word, const fs::path& file) {
  if (word.find('/') == std::string::npos) return false;
  return file.extension() == ".py" || (!fs::path(word).is_absolute() && begins_as_script(file));
}

// "pkg/train.py", or "pkg/train/__main__.py" of a package; "" if it is none of the user's own. Python looks
// in the folder it is started in, then along PYTHONPATH.
std::string file_of_module(const std::string& module, const fs::path& folder) {
  const fs::path inner = replace_all(module, ".", "/");
  std::vector<std::string> places{""};
  for (const auto& place : split(environment_text("PYTHONPATH"), ':')) places.push_back(place);
  for (const auto& place : places)
    for (const fs::path& file :
         {fs::path(place) / (inner.string() + ".py"), fs::path(place) / inner / "__main__.py"})
      if (!inner.empty() && fs::is_regular_file(folder / file)) return file.string();
  return "";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> scripts_named(const std::vector<std::string>& words,
                                                               const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && words[i - 1] == "-m")
      if (const std::string file = file_of_module(words[i], folder); !file.empty()) {
        found.emplace_back(words[i], file);
        continue;
      }
    const fs::path file = folder / words[i];
    if (!fs::is_regular_file(file)) continue;
    if (i == 0 ? is_own_script(words[i], file) : (file.extension() == ".py" || i == 1))
      found.emplace_back(words[i], words[i]);
  }
  return found;
}

void add_named_files(Plan& plan) {
  const CommandLine& command = *plan.command;
  for (const auto& [name, file] : scripts_named(command.words, command.folder)) {
    const bool known = std::ranges::any_of(plan.data, [&](const DataFile& one) { return one.name == name; });
    if (known) continue;
    const std::string text = read_file(fs::path(command.folder) / file, "script");
    plan.data.push_back({name, file, sha256_text(text), ""});
  }
}

}  // namespace reprise
