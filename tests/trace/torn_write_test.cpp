// SPDX-License-Identifier: Apache-2.0
// SIGKILL ends a write between two pages of memory: what it had to change in the first is in the file, what
// it had to change in the second is not. Here a writer is ended after each page it writes, one after another,
// and what it had committed must be whole each time. HDF5 writes by pwrite, which this program has in place
// of the C library's.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "harness/trace/trace_writer.h"
#include "scratch.h"
#include "trace_fixture.h"

namespace reprise {
namespace {

// Shared by a writer and the process that looks on.
struct Watched {
  std::int64_t pages_left = -1;  // until the writer ends; negative: none counts
  std::int64_t pages = 0;        // written so far
  std::int64_t committed = -1;
};

Watched* watched = nullptr;

// True where the writer must end before it writes one page more.
bool next_page_ends_it() {
  if (watched == nullptr) return false;
  ++watched->pages;
  return watched->pages_left >= 0 && watched->pages_left-- == 0;
}

Watched* shared_memory() {
  void* memory = ::mmap(nullptr, sizeof(Watched), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  return new (memory) Watched;
}

}  // namespace

// NOLINTNEXTLINE: the name is the C library's.
extern "C" ssize_t pwrite(int file, const void* bytes, size_t count, off_t at) {
  constexpr std::size_t page = 4096;
  std::size_t done = 0;
  do {
    if (next_page_ends_it()) ::_exit(0);
    const std::size_t place = static_cast<std::size_t>(at) + done;
    const std::size_t part = std::min(count - done, page - place % page);
    const auto wrote = ::syscall(SYS_pwrite64, file, static_cast<const char*>(bytes) + done, part, place);
    if (wrote < 0) return done == 0 ? -1 : static_cast<ssize_t>(done);
    done += static_cast<std::size_t>(wrote);
  } while (done < count);
  return static_cast<ssize_t>(done);
}

namespace {

// A writer that ends after `pages` pages; those that it wrote in all.
std::int64_t write_pages(const std::filesystem::path& path, const MadeRun& run, Watched& shared,
                         std::int64_t pages) {
  shared = {};
  const pid_t child = ::fork();
  if (child == 0) {
    TraceWriter writer(path, run.head());
    watched = &shared;
    shared.pages_left = pages;
    for (std::int64_t step = 0; step < run.steps; ++step) {
      run.write_step(writer, step);
      shared.committed = writer.committed();
    }
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return shared.pages;
}

}  // namespace

TEST_CASE("a writer that is killed between any two pages that it writes leaves what it had committed whole") {
  MadeRun run;
  run.steps = 330;
  run.checkpoint_every = 55;
  run.elements = 40;
  Watched& shared = *shared_memory();
  const Scratch all;
  const std::int64_t pages = write_pages(all / "trace.h5", run, shared, -1);
  REQUIRE(pages > 300);
  for (std::int64_t ended_after = 0; ended_after < pages; ++ended_after) {
    const Scratch scratch;
    write_pages(scratch / "trace.h5", run, shared, ended_after);
    CAPTURE(ended_after, shared.committed);
    if (shared.committed < 0) continue;  // it had promised nothing yet
    const Trace trace(scratch.path());
    REQUIRE(trace.last_step() >= shared.committed);
    check_whole(trace, run);
  }
}

}  // namespace reprise
