// SPDX-License-Identifier: Apache-2.0
#include "harness/base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct SpawnSetup {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  explicit SpawnSetup(const ProcessStart& start) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    const std::string log = start.log.empty() ? "/dev/null" : start.log.string();
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (!start.events.empty())
      posix_spawn_file_actions_addopen(&actions, events_descriptor, start.events.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644);
    if (!start.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, start.folder.c_str());
    posix_spawnattr_init(&attributes);
    // A group of its own, so that a signal reaches grandchildren too; default signal handling.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

// The process that started this one, as /proc tells; 0 where it is gone.
pid_t starter_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(") ");  // the name between the brackets may hold anything
  if (name_end == line.npos || name_end + 4 >= line.size()) return 0;
  return static_cast<pid_t>(to_integer(split(line.substr(name_end + 4), ' ').front()).value_or(0));
}

// What a process started, and what those started, that still runs.
std::vector<pid_t> started_by(pid_t root) {
  std::multimap<pid_t, pid_t> starts;
  std::error_code gone;
  for (std::filesystem::directory_iterator entry("/proc", gone), end; !gone && entry != end;
       entry.increment(gone))
    if (const auto process = to_integer(entry->path().filename().string()))
      starts.emplace(starter_of(static_cast<pid_t>(*process)), static_cast<pid_t>(*process));
  std::vector<pid_t> all{root};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (auto [one, last] = starts.equal_range(all[i]); one != last; ++one) all.push_back(one->second);
  all.erase(all.begin());
  return all;
}

// The group and all that it started: what leads a session of its own, as each rank of torchrun does, is in no
// group of ours.
void kill_all(pid_t leader) {
  const auto others = started_by(leader);
  ::kill(-leader, SIGKILL);
  for (const pid_t one : others) ::kill(one, SIGKILL);
}

}  // namespace

pid_t start_process(const ProcessStart& start) {
  check(!start.arguments.empty(), "a process has a program");
  std::vector<std::string> arguments = start.arguments, variables;
  for (const auto& [name, value] : start.environment) variables.push_back(name + "=" + value);
  SpawnSetup setup(start);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, arguments[0].c_str(), &setup.actions, &setup.attributes,
                                pointers(arguments).data(), pointers(variables).data());
  if (error != 0) fail("cannot start {}: {}", arguments[0], std::strerror(error));
  return pid;
}

Process::Process(const ProcessStart& start, milliseconds limit)
    : pid_(start_process(start)), began_(steady_clock::now()), limit_(limit) {}

Process::Process(Process&& other) noexcept
    : pid_(other.pid_),
      began_(other.began_),
      limit_(other.limit_),
      end_(other.end_),
      timed_out_(other.timed_out_) {
  other.end_ = ProcessEnd{};
}

Process::~Process() {
  if (end_) return;
  kill_all(pid_);
  ::waitpid(pid_, nullptr, 0);
}

std::optional<ProcessEnd> Process::poll() {
  if (end_) return end_;
  int status = 0;
  rusage usage{};
  const pid_t ended = ::wait4(pid_, &status, WNOHANG, &usage);
  if (ended == 0) {
    if (limit_.count() > 0 && !timed_out_ && steady_clock::now() - began_ > limit_) {
      timed_out_ = true;
      kill_all(pid_);
    }
    return std::nullopt;
  }
  ProcessEnd end;
  if (ended == pid_) {
    end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end.peak_bytes = std::int64_t{usage.ru_maxrss} * 1024;
  }
  end.timed_out = timed_out_;
  end.seconds = std::chrono::duration<double>(steady_clock::now() - began_).count();
  // Whatever the child left behind in its group goes with it.
  ::kill(-pid_, SIGKILL);
  return end_ = end;
}

ProcessEnd Process::wait() {
  for (;;) {
    if (const auto end = poll()) return *end;
    std::this_thread::sleep_for(milliseconds(2));
  }
}

void Process::stop() {
  if (end_) return;
  ::kill(-pid_, SIGTERM);
  for (int i = 0; i < 100 && !poll(); ++i) std::this_thread::sleep_for(milliseconds(5));
  kill();
}

void Process::kill() {
  if (end_) return;
  kill_all(pid_);
  wait();
}

}  // namespace reprise
