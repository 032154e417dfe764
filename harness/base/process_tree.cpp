// SPDX-License-Identifier: Apache-2.0
#include "harness/base/process_tree.h"

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <system_error>

#include "harness/base/text.h"

namespace reprise {
namespace {

// "PID (NAME) STATE PPID ...", where the name may hold anything.
std::optional<pid_t> parent_of(const std::filesystem::path& folder) {
  std::ifstream file(folder / "stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  const auto words = split(text.substr(name_end + 1), ' ');  // "", state, parent, ...
  const auto parent = words.size() > 2 ? to_integer(words[2]) : std::nullopt;
  return parent ? std::optional(static_cast<pid_t>(*parent)) : std::nullopt;
}

std::multimap<pid_t, pid_t> children_by_parent() {
  std::multimap<pid_t, pid_t> children;
  std::error_code trouble;
  for (std::filesystem::directory_iterator entry("/proc", trouble), end; !trouble && entry != end;
       entry.increment(trouble))
    if (const auto pid = to_integer(entry->path().filename().string()))
      if (const auto parent = parent_of(entry->path())) children.emplace(*parent, static_cast<pid_t>(*pid));
  return children;
}

}  // namespace

std::vector<pid_t> descendants_of(pid_t root) {
  const auto children = children_by_parent();
  std::vector<pid_t> found{root};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [begin, end] = children.equal_range(found[i]);
    for (auto child = begin; child != end; ++child) found.push_back(child->second);
  }
  found.erase(found.begin());
  return found;
}

void kill_tree(pid_t root) {
  std::set<pid_t> stopped;
  ::kill(-root, SIGSTOP);
  for (bool more = true; more;) {
    more = false;
    for (const pid_t pid : descendants_of(root))
      if (stopped.insert(pid).second) {
        ::kill(pid, SIGSTOP);
        more = true;
      }
  }
  for (const pid_t pid : stopped) ::kill(pid, SIGKILL);
  ::kill(-root, SIGKILL);
}

}  // namespace reprise
