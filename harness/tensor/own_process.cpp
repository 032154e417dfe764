// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/own_process.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "harness/tensor/broken.h"

namespace reprise {
namespace {

constexpr char done = 'd', refused = 'r';

[[noreturn]] void no_room(const char* what) {
  fail("cannot make {}: {}; free some of it", what, std::strerror(errno));
}

bool write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(to, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string read_all(int from) {
  std::string text;
  char portion[65536];
  while (true) {
    const ssize_t got = ::read(from, portion, sizeof portion);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(portion, static_cast<std::size_t>(got));
  }
}

void limit_process(std::chrono::seconds processor_time) {
  const rlimit none{0, 0},
      time{static_cast<rlim_t>(processor_time.count()), static_cast<rlim_t>(processor_time.count())};
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_CPU, &time);
  const int silence = ::open("/dev/null", O_WRONLY);  // a dying C library has words of its own
  if (silence >= 0) ::dup2(silence, STDERR_FILENO);
}

// Never returns, and touches nothing that belongs to the process it was copied from.
[[noreturn]] void be_child(const std::function<std::string()>& work, std::chrono::seconds limit, int to) {
  limit_process(limit);
  std::string said;
  try {
    said = done + work();
  } catch (const Broken& why) {
    said = fmt::format("{}{}\n{}", refused, why.what(), why.hint);
  } catch (const std::exception& why) {
    said = fmt::format("{}{}\ncopy it again, or make it again", refused, why.what());
  }
  write_all(to, said);
  ::_exit(0);
}

// Takes the numbers that no process has taken yet, one after the other.
struct Shared {
  std::atomic<std::size_t> next{0}, answered{0};
};

enum class Answer : std::uint8_t { none, no, yes };

[[noreturn]] void answer_many(Shared& shared, std::span<std::byte> answers, std::chrono::seconds limit,
                              const std::function<bool(std::size_t)>& work) {
  limit_process(limit);
  // Memory that one piece of work frees is the next one's: taken anew each time, its pages cost more than the
  // work.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 25);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 27);
  for (std::size_t i; (i = shared.next++) < answers.size();) {
    Answer answer = Answer::no;
    try {
      if (work(i)) answer = Answer::yes;
    } catch (const std::exception&) {
    }
    answers[i] = static_cast<std::byte>(answer);
    ++shared.answered;
  }
  ::_exit(0);
}

}  // namespace

std::vector<bool> in_several_processes(std::size_t count, std::size_t processes, std::chrono::seconds limit,
                                       const std::function<bool(std::size_t)>& work,
                                       const std::function<void(std::size_t)>& tell) {
  if (count == 0) return {};
  const SharedMemory head = shared_memory(sizeof(Shared)), answers = shared_memory(count);
  Shared& shared = *new (head.bytes.data()) Shared;
  std::vector<pid_t> children;
  for (std::size_t i = 0; i < std::clamp<std::size_t>(processes, 1, count); ++i) {
    const pid_t child = ::fork();
    if (child < 0) break;  // fewer will do, and of none nothing is answered
    if (child == 0) answer_many(shared, answers.bytes, limit, work);
    children.push_back(child);
  }
  for (const pid_t child : children) {
    while (::waitpid(child, nullptr, tell ? WNOHANG : 0) == 0) {
      tell(std::min(count, shared.answered.load()));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  std::vector<bool> all;
  for (const std::byte one : answers.bytes) all.push_back(one == static_cast<std::byte>(Answer::yes));
  return all;
}

std::string in_own_process(const std::function<std::string()>& work, std::chrono::seconds limit) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) no_room("a pipe");
  const pid_t child = ::fork();
  if (child < 0) no_room("a process");
  if (child == 0) be_child(work, limit, ends[1]);
  ::close(ends[1]);
  const std::string said = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || said.empty())
    broken("its library {}: it is damaged",
           WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)
               ? "does not come to an end with it"
               : "crashes on it");
  if (said[0] == done) return said.substr(1);
  const auto line = said.find('\n');
  throw Broken(said.substr(1, line - 1), said.substr(line + 1));
}

SharedMemory shared_memory(std::uint64_t bytes) {
  if (bytes == 0) return {};
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) no_room("memory");
  return {{static_cast<std::byte*>(memory), bytes},
          std::shared_ptr<const void>(memory, [bytes](void* at) { ::munmap(at, bytes); })};
}

}  // namespace reprise
