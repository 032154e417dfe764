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
#include <thread>

#include "harness/base/error.h"
#include "harness/base/process_tree.h"

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
  kill_tree(pid_);
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
      kill_tree(pid_);
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
  kill_tree(pid_);
  wait();
}

}  // namespace reprise
