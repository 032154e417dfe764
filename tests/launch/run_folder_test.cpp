// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/run_folder.h"
#include "harness/watch/process_outcome.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "harness/trace/files_seen.h"
#include "harness/watch/process_outcome.h"
#include "harness/watch/run_start.h"
#include "launch/fake_worker.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

TEST_CASE("a run that another process is making is waited for, and its result is taken") {
  FakeWorker fake("exit 9\n");
  const fs::path folder = run_folder(fake.options.runs, {"baseline", fake.plan, 1});
  std::optional<RunLock> other(folder);
  REQUIRE(other->held());
  CHECK_FALSE(RunLock(folder).held());
  fake.options.progress = [&](const LaunchEvent& event) {
    if (const std::string line = to_sentence(event); !line.empty()) fake.told.push_back(line);
    if (event.told != LaunchTold::waiting) return;
    // The other process finishes just now.
    make_folder(folder);
    write_atomically(folder / "trace.h5", "trace");
    Outcome done;
    done.ending = Ending::done;
    write_outcome(folder, done);
    write_start({worker_givens(fake.plan, fake.options.worker, {}), {}, "", {}, true, ""}, folder);
    other.reset();
  };
  const RunResult result = fake.run_once();
  CHECK(result.outcome.done());
  CHECK(result.reused);
  CHECK(fake.told == std::vector<std::string>{"baseline: another process is running it; waiting",
                                              "baseline: exists already"});
}

TEST_CASE("a run whose other maker gave up is made here") {
  FakeWorker fake(good_script);
  const fs::path folder = run_folder(fake.options.runs, {"baseline", fake.plan, 1});
  std::optional<RunLock> other(folder);
  fake.options.progress = [&](const LaunchEvent& event) {
    if (event.told == LaunchTold::waiting) other.reset();
  };
  const RunResult result = fake.run_once();
  CHECK(result.outcome.done());
  CHECK_FALSE(result.reused);
}

namespace {

// A reprise that makes the run, until it is killed once its worker has told that it began.
void run_and_kill(FakeWorker& fake) {
  const pid_t killed = ::fork();
  if (killed == 0) {
    fake.run_once();
    ::_exit(0);
  }
  while (fake.lines("seen").empty()) ::usleep(1000);
  ::kill(killed, SIGKILL);
  ::waitpid(killed, nullptr, 0);
}

}  // namespace

// The worker that outlived it would else write among the files of the next, and give the next one's
// unfinished trace its final name.
TEST_CASE("a run whose reprise was killed is made again only once the worker it left has ended") {
  FakeWorker fake("");
  fake.write_script("echo began >> " + fake.path("seen") + "\nread go < " + fake.path("gate") +
                    "\necho ended >> " + fake.path("seen") + "\n" + good_script);
  const std::string gate = (fake.scratch / "gate").string();
  REQUIRE(::mkfifo(gate.c_str(), 0600) == 0);
  run_and_kill(fake);
  CHECK_FALSE(RunLock(run_folder(fake.options.runs, {"baseline", fake.plan, 1})).held());
  fake.options.progress = [&gate](const LaunchEvent& event) {
    if (event.told == LaunchTold::waiting || event.told == LaunchTold::started) std::ofstream(gate) << "go\n";
  };
  const RunResult result = fake.run_once();
  CHECK(result.outcome.done());
  CHECK_FALSE(result.reused);
  CHECK(fake.lines("seen") == std::vector<std::string>{"began", "ended", "began", "ended"});
}

TEST_CASE("a finished run that a killed reprise was making anew is still there") {
  const std::string first = "echo first > \"$2\"\n";
  FakeWorker fake(first);
  REQUIRE(fake.run_once().outcome.done());
  const fs::path folder = run_folder(fake.options.runs, {"baseline", fake.plan, 1});
  fake.write_script("echo began >> " + fake.path("seen") + "\nread go < " + fake.path("gate") + "\n");
  REQUIRE(::mkfifo((fake.scratch / "gate").c_str(), 0600) == 0);
  fake.options.again = true;
  run_and_kill(fake);
  CHECK_FALSE(fs::exists(folder / "trace.h5"));
  fake.write_script(first);
  fake.options.again = false;
  fake.options.progress = [&fake](const LaunchEvent& event) {
    if (event.told == LaunchTold::waiting) std::ofstream(fake.scratch / "gate") << "go\n";
  };
  const RunResult result = fake.run_once();
  CHECK(result.outcome.done());
  CHECK(result.reused);
  CHECK(read_file(folder / "trace.h5", "trace") == "first\n");
  CHECK_FALSE(fs::exists(set_aside(folder)));
}

TEST_CASE("a finished run that is made anew comes back where the new attempt is interrupted") {
  FakeWorker fake("echo first > \"$2\"\n");
  REQUIRE(fake.run_once().outcome.done());
  const fs::path folder = run_folder(fake.options.runs, {"baseline", fake.plan, 1});
  fake.write_script("echo begun > " + fake.path("begun") + "\nexec sleep 60\n");
  fake.options.again = true;
  fake.options.interrupted = [&fake] { return fs::exists(fake.scratch / "begun"); };
  CHECK(fake.run_once().outcome.ending == Ending::interrupted);
  CHECK(read_file(folder / "trace.h5", "trace") == "first\n");
  CHECK(finished_run(folder));
  CHECK_FALSE(fs::exists(set_aside(folder)));
  // One that came to an end takes its place.
  fake.write_script("echo second > \"$2\"\n");
  fake.options.interrupted = nullptr;
  REQUIRE(fake.run_once().outcome.done());
  CHECK(read_file(folder / "trace.h5", "trace") == "second\n");
  CHECK_FALSE(fs::exists(set_aside(folder)));
}

TEST_CASE("a lock that moved is let go of once, by its last holder") {
  Scratch scratch;
  std::optional<RunLock> first(scratch / "runs/1");
  {
    const RunLock second(std::move(*first));
    CHECK(second.held());
    first.reset();
    CHECK_FALSE(RunLock(scratch / "runs/1").held());
  }
  CHECK(RunLock(scratch / "runs/1").held());
}

TEST_CASE("an outcome says done only with an exit of 0 and a trace") {
  Scratch scratch;
  write_atomically(scratch / "trace.h5", "trace");
  const auto ending = [&scratch](int exit_code, int signal, bool timed_out) {
    return outcome_of({exit_code, signal, timed_out, 1.0, 0}, scratch / "trace.h5", scratch / "log.txt",
                      std::chrono::seconds(5))
        .ending;
  };
  CHECK(ending(0, 0, false) == Ending::done);
  CHECK(ending(1, 0, false) == Ending::failed);
  CHECK(ending(2, 0, false) == Ending::failed);
  CHECK(ending(3, 0, false) == Ending::skipped);
  CHECK(ending(-1, 9, false) == Ending::killed);
  CHECK(ending(-1, 9, true) == Ending::timed_out);
  fs::remove(scratch / "trace.h5");
  CHECK(ending(0, 0, false) == Ending::failed);
}
