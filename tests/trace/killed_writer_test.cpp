// SPDX-License-Identifier: Apache-2.0
// A writer that is killed at a random moment, and a disk that kept only some of the pages it was given: every
// step that a reader accepts is true, and of a killed writer no step that it had committed is lost.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "scratch.h"
#include "tensor/bytes.h"
#include "trace_fixture.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// Shared by a writer and the process that kills it.
struct Progress {
  std::atomic<std::int64_t> written{-1}, committed{-1};
};

Progress* shared_progress() {
  void* memory = ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  return new (memory) Progress;
}

MadeRun long_run() {
  MadeRun run;
  run.steps = 1000;
  run.checkpoint_every = 9;
  run.elements = 40;
  return run;
}

// Writes until it is killed, which it is once it has written so many steps, wherever it then is.
void write_until_killed(const fs::path& path, const MadeRun& run, Progress& progress, std::int64_t steps) {
  const pid_t child = ::fork();
  if (child == 0) {
    TraceWriter writer(path, run.head());
    for (std::int64_t step = 0; step <= run.steps; ++step) {
      run.write_step(writer, step);
      progress.committed = writer.committed();
      progress.written = step;
    }
    ::_exit(0);
  }
  while (progress.written < steps && ::waitpid(child, nullptr, WNOHANG) == 0) ::sched_yield();
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

std::size_t wanted(const char* variable, std::size_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

// For the notes of whoever asked for more of them.
void tell_count(const char* variable, std::size_t read, std::size_t all) {
  if (std::getenv(variable) != nullptr) std::printf("%zu of %zu were read, the others refused\n", read, all);
}

// What the rows of a run must say, made once.
struct Expected {
  std::vector<Digest> roots, chains;
  explicit Expected(const MadeRun& run) {
    Digest chain;
    for (std::int64_t step = 0; step <= run.steps; ++step) {
      roots.push_back(expected_root(run.record(step), run.head()));
      chain = chain_next(static_cast<std::uint64_t>(step), chain, roots.back());
      chains.push_back(chain);
    }
  }
};

// "" for a trace that was read, every step of it true; else why it was refused. A root speaks for all of its
// step. What no seal covers yet (pin readings, metrics, leaves: docs/trace-format.md, 3.1) is not asked for.
std::string refusal(const fs::path& path, const Expected& expected) {
  try {
    const Trace trace(path);
    const auto roots = trace.roots(0, trace.last_step());
    REQUIRE(roots.size() <= expected.roots.size());
    CHECK(std::equal(roots.begin(), roots.end(), expected.roots.begin()));
    CHECK(trace.chain(trace.last_step()) == expected.chains[roots.size() - 1]);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

// REPRISE_KILLS=200 trace_tests "a writer that*" makes two hundred.
TEST_CASE("a writer that is killed at a random moment loses nothing that it had committed") {
  const MadeRun run = long_run();
  Draws draws(13);
  for (std::size_t i = 0; i < wanted("REPRISE_KILLS", 20); ++i) {
    const Scratch scratch;
    Progress& progress = *shared_progress();
    write_until_killed(scratch / "trace.h5", run, progress, static_cast<std::int64_t>(draws.below(800)));
    CAPTURE(i, progress.committed.load(), progress.written.load());
    if (progress.committed < 0) continue;  // it had promised nothing yet
    const Trace trace(scratch.path());
    REQUIRE(trace.last_step() >= progress.committed);
    check_whole(trace, run);
    ::munmap(&progress, sizeof progress);
  }
}

// The pages of a file that its writer made later are lost one by one, in no order.
TEST_CASE("a trace of which the disk kept only some later pages is refused, or every step of it is true") {
  constexpr std::size_t page = 4096;
  const MadeRun run = long_run();
  const Expected expected(run);
  const Scratch scratch;
  std::vector<std::string> states;
  {
    TraceWriter writer(scratch / "trace.h5", run.head());
    for (std::int64_t step = 0; step <= 400; ++step) {
      run.write_step(writer, step);
      if (step % 40 == 39) states.push_back(read_file(scratch / "trace.h5.partial", "trace"));
    }
  }
  Draws draws(14);
  std::size_t read = 0;
  const std::size_t cuts = wanted("REPRISE_CUTS", 500);
  for (std::size_t i = 0; i < cuts; ++i) {
    const std::size_t now = 1 + draws.below(states.size() - 1);
    const std::string& before = states[draws.below(now)];
    std::string mixed = states[now];
    for (std::size_t lost = 1 + draws.below(6); lost > 0; --lost) {
      const std::size_t at = draws.below(mixed.size() / page) * page;
      const std::string old = at < before.size() ? before.substr(at, page) : "";
      mixed.replace(at, page, old + std::string(page - old.size(), '\0'));
    }
    std::ofstream(scratch / "mixed.h5", std::ios::binary | std::ios::trunc) << mixed;
    INFO("cut " << i);
    const std::string said = refusal(scratch / "mixed.h5", expected);
    if (!said.empty()) CHECK_THAT(said, Catch::Contains("mixed.h5"));
    read += said.empty() ? 1 : 0;
  }
  CHECK(read > 0);
  CHECK(read < cuts);
  tell_count("REPRISE_CUTS", read, cuts);
}

TEST_CASE(
    "the file of a killed writer cut short at hundreds of places is refused, or every step of it is true") {
  const MadeRun run = long_run();
  const Expected expected(run);
  const Scratch scratch;
  std::string whole;
  {
    TraceWriter writer(scratch / "trace.h5", run.head());
    for (std::int64_t step = 0; step <= 200; ++step) run.write_step(writer, step);
    whole = read_file(scratch / "trace.h5.partial", "trace");
  }
  Draws draws(15);
  std::size_t read = 0;
  const std::size_t cuts = wanted("REPRISE_CUTS", 500);
  for (std::size_t i = 0; i < cuts; ++i) {
    const std::size_t size = 1 + draws.below(whole.size());
    std::ofstream(scratch / "cut.h5", std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    INFO("cut to " << size);
    const std::string said = refusal(scratch / "cut.h5", expected);
    if (!said.empty()) CHECK_THAT(said, Catch::Contains("cut.h5"));
    read += said.empty() ? 1 : 0;
  }
  tell_count("REPRISE_CUTS", read, cuts);
}

}  // namespace reprise
