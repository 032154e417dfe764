// SPDX-License-Identifier: Apache-2.0
#include "harness/record/ranks/rank_processes.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/files.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_reason = 4096;

// Memory that the ranks share with the process which waits for them: a rank's reason, as text with an end.
class Reasons {
 public:
  explicit Reasons(std::size_t ranks) : bytes_(ranks * longest_reason) {
    void* shared = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) fail("cannot share memory with the ranks: {}", std::strerror(errno));
    text_ = static_cast<char*>(shared);
  }
  Reasons(const Reasons&) = delete;
  Reasons& operator=(const Reasons&) = delete;
  ~Reasons() { ::munmap(text_, bytes_); }
  void set(std::size_t rank, const std::string& reason) {
    reason.copy(text_ + rank * longest_reason, longest_reason - 1);
  }
  std::string of(std::size_t rank) const { return text_ + rank * longest_reason; }

 private:
  std::size_t bytes_;
  char* text_ = nullptr;
};

struct Fallen {
  std::size_t rank = 0;
  int status = 0;
};

bool ended_well(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }

pid_t start_rank(const std::function<int()>& rank) {
  std::fflush(nullptr);
  const pid_t parent = ::getpid(), child = ::fork();
  if (child < 0) fail("cannot start a rank: {}", std::strerror(errno));
  if (child > 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(2);  // it fell between the two calls
  const int code = rank();
  std::fflush(nullptr);
  ::_exit(code);
}

// Takes what has ended; the one of that number, or waits for any.
std::optional<Fallen> next_end(const std::vector<pid_t>& ranks, int options) {
  int status = 0;
  pid_t ended = -1;
  do ended = ::waitpid(-1, &status, options);
  while (ended < 0 && errno == EINTR);
  const auto found = std::ranges::find(ranks, ended);
  if (ended <= 0 || found == ranks.end()) return std::nullopt;
  return Fallen{static_cast<std::size_t>(found - ranks.begin()), status};
}

// The first that fell; the others, which then wait in vain or fail for want of it, are ended. A signal is
// never a rank's answer to another's end, and so comes before an Error that was seen at the same moment.
std::optional<Fallen> wait_for(const std::vector<pid_t>& ranks) {
  std::optional<Fallen> first;
  std::size_t left = ranks.size();
  while (left > 0 && !first) {
    const auto end = next_end(ranks, 0);
    if (!end) fail("the ranks cannot be waited for: {}", std::strerror(errno));
    --left;
    if (!ended_well(end->status)) first = end;
  }
  while (left > 0 && first) {
    const auto end = next_end(ranks, WNOHANG);
    if (!end) break;
    --left;
    if (WIFSIGNALED(end->status) && !WIFSIGNALED(first->status)) first = end;
  }
  if (left == 0) return first;
  for (const pid_t rank : ranks) ::kill(rank, SIGKILL);
  while (left > 0 && next_end(ranks, 0)) --left;
  return first;
}

std::string words_of_end(int status) {
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace

fs::path folder_of_rank(const fs::path& run, std::int64_t rank) {
  return run / fmt::format("process-{}", rank + 1);
}

RankEnd train_as_ranks(const fs::path& run, std::int64_t ranks,
                       const std::function<RankEnd(const RankPlace&)>& train) {
  const RankMarks marks(run / rank_marks_name, ranks);
  const fs::path meeting = run / "meeting";
  fs::remove(meeting);
  Reasons reasons(static_cast<std::size_t>(ranks));
  std::vector<pid_t> started;
  for (std::int64_t rank = 0; rank < ranks; ++rank) {
    make_folder(folder_of_rank(run, rank));
    started.push_back(start_rank([&] {
      const RankEnd end = train({rank, ranks, meeting, &marks});
      reasons.set(static_cast<std::size_t>(rank), end.reason);
      return end.exit_code;
    }));
  }
  const auto fallen = wait_for(started);
  fs::remove(meeting);
  if (!fallen) {
    fs::remove(run / rank_marks_name);
    return {};
  }
  const auto rank = static_cast<std::int64_t>(fallen->rank);
  write_atomically(folder_of_rank(run, rank) / "ended.txt", words_of_end(fallen->status) + "\n");
  const std::string reason = reasons.of(fallen->rank);
  const auto made = rank_marks_in(run / rank_marks_name)[fallen->rank].step;
  if (WIFEXITED(fallen->status) && !reason.empty())
    return {WEXITSTATUS(fallen->status), fmt::format("rank {}: {}", rank, reason)};
  return {2, fmt::format("rank {} was ended by {} after step {}; the other ranks were ended", rank,
                         words_of_end(fallen->status), made)};
}

}  // namespace reprise
