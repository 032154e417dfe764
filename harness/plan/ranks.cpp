// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/ranks.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/program_search.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// By which options programs are told of the number.
constexpr std::string_view counts[] = {"--nproc-per-node", "--nproc_per_node", "--num_processes",
                                       "--num_gpus"};
constexpr std::string_view launchers[] = {"torchrun", "accelerate", "deepspeed"};

bool is_python(const std::string& word) { return fs::path(word).filename().string().starts_with("python"); }

bool launches(const std::string& word) {
  return std::ranges::find(launchers, fs::path(word).filename().string()) != std::end(launchers);
}

// True if a number stood there.
bool replaced(std::vector<std::string>& words, const std::string& ranks) {
  for (std::size_t i = 0; i < words.size(); ++i)
    for (const auto option : counts) {
      if (words[i] == option && i + 1 < words.size()) {
        words[i + 1] = ranks;
        return true;
      }
      if (words[i].starts_with(std::string(option) + "=")) {
        words[i] = std::string(option) + "=" + ranks;
        return true;
      }
    }
  return false;
}

// The torchrun of that Python.
std::string torchrun_beside(const std::string& python) {
  const fs::path place(python);
  const bool bare = !place.has_parent_path();
  const fs::path found = bare ? find_program(python, environment_text("PATH")).value_or("") : place;
  const fs::path beside = found.parent_path() / "torchrun";
  if (found.empty() || !fs::exists(beside))
    fail(
        "wanted torchrun beside {}, to start several ranks of a script, found none{}; start the command with "
        "the Python that has torch",
        python, found.empty() ? "" : " in " + found.parent_path().string());
  return beside.string();
}

}  // namespace

void set_ranks(Plan& plan, std::int64_t ranks) {
  if (ranks < 1 || ranks > 4096) fail("wanted from 1 to 4096 ranks, found {}", ranks);
  if (!plan.command) {
    plan.placement.ranks = ranks;
    return;
  }
  auto& words = plan.command->words;
  const std::string number = std::to_string(ranks);
  if (launches(words.front())) {
    if (replaced(words, number)) return;
    fail("{} is told no number of ranks; write it there ({} {})", words.front(),
         words.front().ends_with("torchrun") ? "--nproc-per-node" : "--num_processes or --num_gpus", number);
  }
  const std::size_t script = words.size() > 1 && words[1] == "-u" ? 2 : 1;
  if (!is_python(words.front()) || script >= words.size() ||
      (words[script].starts_with("-") && words[script] != "-m"))
    fail(
        "wanted `python SCRIPT` or `python -m MODULE` to start several ranks of, found '{}'; start them "
        "yourself, by torchrun, and --ranks sets their number",
        shell_text(words));
  std::vector<std::string> all = {torchrun_beside(words.front()), "--standalone", "--nproc-per-node", number};
  all.insert(all.end(), words.begin() + static_cast<std::ptrdiff_t>(script), words.end());
  words = std::move(all);
}

}  // namespace reprise
