// SPDX-License-Identifier: Apache-2.0
// What a writer leaves behind: equal bytes for equal runs, whole steps after SIGKILL, nothing under the final
// name when it could not go on.
#include "harness/trace/trace_writer.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "scratch.h"
#include "tensor/bytes.h"
#include "trace_fixture.h"

namespace reprise {
namespace {
namespace fs = std::filesystem;

TEST_CASE("two equal runs give files equal to the byte, whatever pauses they made") {
  const Scratch scratch;
  const MadeRun run;
  run.write(scratch / "a.h5");
  {
    TraceWriter writer(scratch / "b.h5", run.head());
    for (std::int64_t step = 0; step <= run.steps; ++step) {
      // A time stamp in the file would have a new second by now.
      if (step == 10) std::this_thread::sleep_for(std::chrono::milliseconds(1100));
      run.write_step(writer, step);
    }
    writer.finish();
  }
  const bool equal = read_file(scratch / "a.h5", "trace") == read_file(scratch / "b.h5", "trace");
  REQUIRE(equal);
  MadeRun other = run;
  other.elements += 1;
  other.write(scratch / "c.h5");
  CHECK(read_file(scratch / "a.h5", "trace") != read_file(scratch / "c.h5", "trace"));
}

TEST_CASE("rows are committed in batches of 64, at checkpoints, and when asked") {
  const Scratch scratch;
  MadeRun run;
  run.checkpoint_every = 100;
  run.steps = 200;
  TraceWriter writer(scratch / "trace.h5", run.head());
  CHECK(writer.committed() == -1);
  const auto write_to = [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t step = first; step <= last; ++step) run.write_step(writer, step);
  };
  write_to(0, 0);
  CHECK(writer.committed() == 0);
  write_to(1, 62);
  CHECK(writer.committed() == 0);
  write_to(63, 63);
  CHECK(writer.committed() == 63);
  write_to(64, 99);
  CHECK(writer.committed() == 63);
  write_to(100, 100);
  CHECK(writer.committed() == 100);
  write_to(101, 105);
  writer.commit();
  CHECK(writer.committed() == 105);
}

TEST_CASE("a writer that ends without finish leaves the committed steps under the partial name") {
  const Scratch scratch;
  const MadeRun run;
  {
    TraceWriter writer(scratch / "trace.h5", run.head());
    for (std::int64_t step = 0; step <= 40; ++step) run.write_step(writer, step);
  }
  CHECK_FALSE(fs::exists(scratch / "trace.h5"));
  const Trace trace(scratch / "trace.h5.partial");
  CHECK(trace.last_step() == 30);
  CHECK_FALSE(trace.finished());
  CHECK(trace.root(30) == expected_root(run.record(30), run.head()));
  CHECK(trace.checkpoint_steps() == std::vector<std::int64_t>{0, 30});
  CHECK(trace.pin_checks().size() == 2);
  CHECK(trace.metrics().size() == 2);
  CHECK_THROWS_AS(trace.root(31), Error);
}

TEST_CASE("steps out of order, a batch of another size and names that do not fit are errors") {
  const Scratch scratch;
  const MadeRun run;
  TraceWriter writer(scratch / "trace.h5", run.head());
  CHECK_THROWS_WITH(writer.write(run.record(1)), Catch::Contains("in order"));
  writer.write(run.record(0));
  StepRecord record = run.record(1);
  record.samples.pop_back();
  CHECK_THROWS_WITH(writer.write(record),
                    Catch::Contains("step 1 has 3 samples") && Catch::Contains("the plan says 4"));
  record = run.record(1);
  record.stages[4].push_back(record.stages[4].front());
  CHECK_THROWS_WITH(writer.write(record), Catch::Contains("two tensors of the stage weights"));
  Pins pins = default_pins();
  pins.erase(pins.begin());
  CHECK_THROWS_AS(writer.write_pins(pins), Error);
}

TEST_CASE("a name of 160 bytes fits, one of 161 is an error that says so") {
  const Scratch scratch;
  MadeRun run;
  TensorDigest tensor = made_tensor("x", 0, 4, false);
  TraceWriter writer(scratch / "trace.h5", run.head());
  StepRecord record;
  tensor.name = std::string(160, 'n');
  record.stages[4] = {tensor};
  writer.write(record);
  writer.commit();
  CHECK(Trace(scratch / "trace.h5.partial").columns().at(0).name == tensor.name);
  record = run.record(1);
  tensor.name += 'n';
  record.stages[4] = {tensor};
  CHECK_THROWS_WITH(writer.write(record), Catch::Contains("at most 160 bytes") && Catch::Contains("has 161"));
}

TEST_CASE("a folder that is not there or cannot be written is one sentence") {
  const Scratch scratch;
  CHECK_THROWS_WITH(
      TraceWriter(scratch / "no/such/trace.h5", MadeRun().head()),
      Catch::Contains("cannot write the trace") && Catch::Contains("No such file or directory"));
  write_atomically(scratch / "file", "x");
  CHECK_THROWS_WITH(TraceWriter(scratch / "file/trace.h5", MadeRun().head()),
                    Catch::Contains("Not a directory"));
}

// Runs `work` in a child of its own; its exit status.
template <class Work>
int in_child(Work work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

TEST_CASE("a full disk ends the run with one sentence, and nothing under the final name") {
  // A limit on the size of files stands for the full disk: writes fail in the same way.
  Draws draws(11);
  for (int round = 0; round < 12; ++round) {
    const Scratch scratch;
    const rlim_t limit = 1000 + draws.below(500'000);
    CAPTURE(limit);
    const int status = in_child([&] {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit bytes{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &bytes);
      try {
        MadeRun run;
        run.steps = 100'000;
        run.write(scratch / "trace.h5");
      } catch (const Error& error) {
        const std::string said = error.what();
        const bool clear = said.find("cannot write the trace") != said.npos && said.find('\n') == said.npos &&
                           said.find("File too large") != said.npos;
        return clear ? 42 : 1;
      }
      return 2;
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 42);
    CHECK_FALSE(fs::exists(scratch / "trace.h5"));
  }
}

// Writes a run and reports each committed step, 8 bytes at a time, until it is killed.
void report_commits(const fs::path& path, const MadeRun& run, int pipe) {
  TraceWriter writer(path, run.head());
  std::int64_t reported = -1;
  for (std::int64_t step = 0; step <= run.steps; ++step) {
    run.write_step(writer, step);
    if (writer.committed() == reported) continue;
    reported = writer.committed();
    if (::write(pipe, &reported, sizeof reported) != sizeof reported) return;
  }
}

// Kills a writing child after some commits and some more of its work; the last step it had reported.
std::int64_t killed_run(const fs::path& path, const MadeRun& run, Draws& draws) {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    report_commits(path, run, ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::int64_t reported = -1;
  const std::uint64_t reports = 1 + draws.below(12);
  for (std::uint64_t i = 0; i < reports; ++i)
    REQUIRE(::read(ends[0], &reported, sizeof reported) == sizeof reported);
  volatile std::uint64_t spins = draws.below(1'000'000);
  while (spins > 0) spins = spins - 1;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  // What it managed to report before it died counts too.
  for (std::int64_t more = 0; ::read(ends[0], &more, sizeof more) == sizeof more;) reported = more;
  ::close(ends[0]);
  return reported;
}

TEST_CASE("a run that is killed at any moment leaves every step it had committed, whole, without repair") {
  Draws draws(50);
  for (int round = 0; round < 50; ++round) {
    const Scratch scratch;
    MadeRun run;
    run.steps = 1'000'000;
    run.checkpoint_every = 10 + static_cast<std::int64_t>(draws.below(60));
    run.elements = 40;
    const std::int64_t reported = killed_run(scratch / "trace.h5", run, draws);
    CAPTURE(round, reported);
    const Trace trace(scratch.path());
    CHECK(trace.path() == scratch / "trace.h5.partial");
    CHECK_FALSE(trace.finished());
    REQUIRE(trace.last_step() >= reported);
    check_whole(trace, run);
  }
}

}  // namespace
}  // namespace reprise
