// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/launch.h"

#include <algorithm>

#include "gone.h"
#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "launch/fake_worker.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

TEST_CASE("a run that ends well is done, in a folder named by its plan") {
  FakeWorker fake(
      "echo hello\necho 'step 9 of 9, loss 9'\n"
      "echo '{\"event\": \"step\", \"step\": 10, \"steps\": 20, \"loss\": 0.5}' >&3\necho trace > \"$2\"\n");
  const RunResult result = fake.run_once();
  CHECK(result.outcome.done());
  CHECK(result.outcome.ending == Ending::done);
  CHECK_FALSE(result.reused);
  CHECK(result.folder == fake.scratch / "runs" / plan_id(fake.plan) / "1");
  CHECK(read_file(result.folder / "plan.toml", "plan") == to_toml(fake.plan));
  CHECK(read_file(result.folder / "log.txt", "log") == "hello\nstep 9 of 9, loss 9\n");
  CHECK(outcome_from_toml(read_file(result.folder / "outcome.toml", "outcome"), "").done());
  CHECK(result.outcome.peak_bytes > 0);
  REQUIRE(fake.told.size() == 3);
  CHECK(fake.told[0] == "baseline: started");
  CHECK(fake.told[1] == "baseline: step 10 of 20, loss 0.5000");
  CHECK_THAT(fake.told[2], Contains("baseline: done in "));
}

TEST_CASE("a launch tells which runs there are, and the steps of one that stops early") {
  FakeWorker fake(
      "echo '{\"event\": \"step\", \"step\": 2, \"steps\": 20}' >&3\n"
      "echo '{\"event\": \"passed\", \"step\": 3, \"steps\": 20}' >&3\necho trace > \"$2\"\n");
  fake.plan.watch.until = 4;
  std::vector<LaunchEvent> events;
  fake.options.progress = [&events](const LaunchEvent& event) {
    if (event.told != LaunchTold::time_passed) events.push_back(event);
  };
  const RunResult result = fake.run_once();
  REQUIRE(events.size() == 5);
  CHECK(events[0].told == LaunchTold::planned);
  REQUIRE(events[0].planned.size() == 1);
  CHECK(events[0].planned[0].steps == 4);
  CHECK(events[1].told == LaunchTold::started);
  CHECK(events[2].told == LaunchTold::checkpoint);
  CHECK(events[2].steps == 4);
  CHECK(events[3].told == LaunchTold::step);
  CHECK(to_sentence(events[3]) == "baseline: step 3 of 4");
  CHECK(events[4].told == LaunchTold::ended);
  CHECK(events[4].outcome.done());
  CHECK(events[4].folder == result.folder);
}

TEST_CASE("what a worker notes stands in the outcome of a run that is done") {
  FakeWorker fake(
      "echo 'note: of the log, which nobody reads'\n"
      "echo '{\"event\": \"note\", \"text\": \"one thing\"}' >&3\n"
      "echo '{\"event\": \"note\", \"text\": \"another\"}' >&3\necho '{\"event\": \"no' >&3\necho trace > "
      "\"$2\"\n");
  const std::vector<std::string> wanted = {"one thing", "another"};
  const RunResult result = fake.run_once();
  CHECK(result.outcome.notes == wanted);
  CHECK(outcome_from_toml(read_file(result.folder / "outcome.toml", "outcome"), "").notes == wanted);
}

TEST_CASE("a run that exists is not run again, unless asked") {
  FakeWorker fake("");
  fake.write_script("echo x >> " + fake.path("ran") + "\necho trace > \"$2\"\n");
  fake.run_once();
  const RunResult again = fake.run_once();
  CHECK(again.reused);
  CHECK(again.outcome.done());
  CHECK(fake.lines("ran").size() == 1);
  CHECK(fake.told.back() == "baseline: exists already");
  fake.options.again = true;
  CHECK_FALSE(fake.run_once().reused);
  CHECK(fake.lines("ran").size() == 2);
}

TEST_CASE("a run without its trace, or whose outcome was damaged, is run again in an emptied folder") {
  FakeWorker fake(good_script);
  const fs::path folder = fake.run_once().folder;
  fs::remove(folder / "trace.h5");
  write_atomically(folder / "left-over.txt", "old");
  CHECK_FALSE(fake.run_once().reused);
  CHECK_FALSE(fs::exists(folder / "left-over.txt"));
  CHECK(fs::exists(folder / "trace.h5"));
  write_atomically(folder / "outcome.toml", "status = ");
  CHECK_FALSE(fake.run_once().reused);
  CHECK(fake.run_once().reused);
}

TEST_CASE("a failed run is an outcome with the worker's reason and its last lines") {
  FakeWorker fake(
      "for i in 1 2 3 4 5 6 7 8 9 10 11; do echo line $i; done\n"
      "echo '{\"event\": \"ended\", \"text\": \"pin threads did not hold at step 40: wanted 1, found 2\"}' "
      ">&3\n"
      "exit 2\n");
  const RunResult result = fake.run_once();
  CHECK_FALSE(result.outcome.done());
  CHECK(result.outcome.ending == Ending::failed);
  CHECK(result.outcome.reason == "pin threads did not hold at step 40: wanted 1, found 2");
  REQUIRE(result.outcome.last_lines.size() == 10);
  CHECK(result.outcome.last_lines[0] == "line 2");
  CHECK_THAT(fake.told.back(), Contains("baseline: untested (failed): pin threads did not hold"));
  const auto written = outcome_from_toml(read_file(result.folder / "outcome.toml", "outcome"), "");
  CHECK(written.reason == result.outcome.reason);
  // It is no run yet: the next attempt makes it.
  fake.write_script(good_script);
  const RunResult second = fake.run_once();
  CHECK(second.outcome.done());
  CHECK_FALSE(second.reused);
}

TEST_CASE("a run that cannot be done here is skipped with the worker's reason") {
  FakeWorker fake(
      "echo '{\"event\": \"ended\", \"text\": \"no data file train.npy; fetch it\"}' >&3\nexit 3\n");
  const RunResult result = fake.run_once();
  CHECK(result.outcome.ending == Ending::skipped);
  CHECK(result.outcome.reason == "no data file train.npy; fetch it");
}

TEST_CASE("a worker that ends strangely is told as it ended") {
  FakeWorker fake("exit 7\n");
  CHECK_THAT(fake.run_once().outcome.reason, Contains("exit code 7"));
  fake.write_script("exit 0\n");
  Outcome outcome = fake.run_once().outcome;
  CHECK(outcome.ending == Ending::failed);
  CHECK_THAT(outcome.reason, Contains("left no trace"));
  fake.write_script("kill -KILL $$\n");
  outcome = fake.run_once().outcome;
  CHECK(outcome.ending == Ending::killed);
  CHECK_THAT(outcome.reason, Catch::StartsWith("killed by signal 9 (SIGKILL)"));
  fake.write_script("echo trace > \"$2\"\nkill -SEGV $$\n");
  outcome = fake.run_once().outcome;
  CHECK(outcome.ending == Ending::killed);
  CHECK(outcome.reason == "killed by signal 11 (SIGSEGV)");
}

TEST_CASE("a worker that did not get its memory is said to have got none, whoever said so") {
  FakeWorker fake(
      "echo \"terminate called after throwing an instance of 'std::bad_alloc'\"\n"
      "echo '  what():  std::bad_alloc'\nkill -ABRT $$\n");
  CHECK(fake.run_once().outcome.reason ==
        "killed by signal 6 (SIGABRT); it did not get the memory that it asked for (std::bad_alloc): free "
        "some, or "
        "raise its limit (ulimit -v)");
  fake.write_script("echo 'libtorch_cpu.so: failed to map segment from shared object'\nexit 127\n");
  Outcome outcome = fake.run_once().outcome;
  CHECK_THAT(outcome.reason, Contains("exit code 127"));
  CHECK_THAT(outcome.reason, Contains("libtorch_cpu.so: failed to map segment from shared object"));
  CHECK_THAT(outcome.reason, Contains("did not get the memory"));
  // Long ago in the log, it is not what ended it.
  fake.write_script("echo std::bad_alloc\necho on\necho and on\nexit 7\n");
  CHECK_THAT(fake.run_once().outcome.reason, !Contains("memory"));
}

TEST_CASE("a log that is not text does not damage the outcome") {
  FakeWorker fake(
      "printf 'bad \\377\\001 byte, good \\303\\251\\n'\n"
      "printf '{\"event\": \"ended\", \"text\": \"a\\\\u0001 broke\"}\\n' >&3\nexit 2\n");
  const RunResult result = fake.run_once();
  CHECK(result.outcome.reason == "a? broke");
  CHECK(result.outcome.last_lines.at(0) == "bad ?? byte, good \xC3\xA9");
  CHECK_NOTHROW(outcome_from_toml(read_file(result.folder / "outcome.toml", "outcome"), "outcome.toml"));
}

TEST_CASE("a run that takes too long is ended with all it started, and the others go on") {
  FakeWorker fake("");
  // One never ends, the other needs a small part of the limit, also on a busy machine.
  fake.write_script("if grep -q '^seed = \"1\"' \"$1\"; then sleep 1000 & echo $! > " + fake.path("child") +
                    "; wait; fi\necho trace > \"$2\"\n");
  fake.options.time_limit = std::chrono::seconds(6);
  Plan slow = fake.plan;
  slow.pins["seed"] = "1";
  const auto results = launch({{"slow", slow, 1}, {"quick", fake.plan, 1}}, fake.options);
  CHECK(results[0].outcome.ending == Ending::timed_out);
  CHECK(results[0].outcome.reason == "not done within its time limit of 6 s");
  CHECK(results[1].outcome.done());
  const auto grandchild = to_integer(fake.lines("child").at(0));
  REQUIRE(grandchild);
  CHECK(is_gone_soon(*grandchild));
}

TEST_CASE("an interrupt ends what runs, keeps what is done and leaves the rest untested") {
  FakeWorker fake("");
  fake.write_script("if grep -q '^seed = \"0\"' \"$1\" || test -e " + fake.path("second") +
                    "; then echo trace > \"$2\"; exit 0; fi\ntouch " + fake.path("begun") + "\nsleep 1000\n");
  fake.options.cores = 1;
  std::vector<Run> runs;
  for (const auto* seed : {"0", "1", "2"}) {
    Plan plan = fake.plan;
    plan.pins["seed"] = seed;
    runs.push_back({std::string("seed=") + seed, plan, 1});
  }
  fake.options.interrupted = [&fake] { return fs::exists(fake.scratch / "begun"); };
  const auto results = launch(runs, fake.options);
  CHECK(results[0].outcome.done());
  CHECK(results[1].outcome.ending == Ending::interrupted);
  CHECK(results[1].outcome.reason == "interrupted before it was done; run it again");
  CHECK(results[2].outcome.ending == Ending::interrupted);
  CHECK(results[2].outcome.reason == "interrupted before it began; run it again");
  CHECK_FALSE(fs::exists(results[2].folder));
  fake.options.interrupted = nullptr;
  write_atomically(fake.scratch / "second", "");
  const auto again = launch(runs, fake.options);
  CHECK(again[0].reused);
  CHECK(again[1].outcome.done());
  CHECK_FALSE(again[1].reused);
}

TEST_CASE("the same run asked for twice is made once, and repeats are runs of their own") {
  FakeWorker fake("");
  fake.write_script("echo x >> " + fake.path("ran") + "\necho trace > \"$2\"\n");
  const auto results =
      launch({{"a", fake.plan, 1}, {"b", fake.plan, 1}, {"a repeat=2", fake.plan, 2}}, fake.options);
  CHECK(fake.lines("ran").size() == 2);
  CHECK(results[0].folder == results[1].folder);
  CHECK(results[1].outcome.done());
  CHECK(results[2].folder == results[0].folder.parent_path() / "2");
}

namespace {

// The most runs that were under way at once, from the lines "in SEED" and "out SEED".
std::size_t most_at_once(const std::vector<std::string>& lines) {
  std::size_t now = 0, most = 0;
  for (const auto& line : lines) {
    now += line.starts_with("in") ? 1 : std::size_t(-1);
    most = std::max(most, now);
  }
  return most;
}

}  // namespace

TEST_CASE("runs go side by side only as far as the cores they pin allow") {
  FakeWorker fake("");
  // Each run waits until two are under way, or until it has looked a hundred times: with cores for two they
  // meet.
  fake.write_script("echo in >> " + fake.path("log") + "\ni=0\nwhile [ $(grep -c in " + fake.path("log") +
                    ") -lt 2 ] && [ $i -lt 100 ]; do i=$((i+1)); sleep 0.01; done\necho out >> " +
                    fake.path("log") + "\necho trace > \"$2\"\n");
  const auto runs_with = [&fake](const std::string& threads) {
    std::vector<Run> runs;
    for (int seed = 0; seed < 4; ++seed) {
      Plan plan = fake.plan;
      plan.pins["seed"] = std::to_string(seed);
      plan.pins["threads"] = threads;
      runs.push_back({"run", plan, 1});
    }
    return runs;
  };
  launch(runs_with("1"), fake.options);
  CHECK(fake.lines("log").size() == 8);
  CHECK(most_at_once(fake.lines("log")) == 2);
  for (const auto* threads : {"2", "8"}) {
    fs::remove(fake.scratch / "log");
    launch(runs_with(threads), fake.options);
    CHECK(fake.lines("log").size() == 8);
    CHECK(most_at_once(fake.lines("log")) == 1);
  }
}

TEST_CASE("a batch-order file travels into the run's folder and is checked before anything runs") {
  FakeWorker fake("cp \"$(dirname \"$1\")/order.txt\" \"$2\"\n");
  std::string text;
  for (int epoch = 0; epoch < 5; ++epoch) text += "7 6 5 4 3 2 1 0\n";
  write_atomically(fake.scratch / "back.txt", text);
  fake.plan.pins["batch-order"] = "file";
  fake.plan.order = read_order_file(fake.scratch / "back.txt");
  const auto results = launch({{"run", fake.plan, 1}}, fake.options);
  CHECK(results[0].outcome.done());
  CHECK(read_file(results[0].folder / "order.txt", "order") == text);
  CHECK(launch({{"run", fake.plan, 1}}, fake.options)[0].reused);
  fake.plan.steps = 100;
  CHECK_THROWS_WITH(launch({{"run", fake.plan, 2}}, fake.options), Contains("wanted 25 epochs"));
}

TEST_CASE("trouble that concerns every run ends the launch with a sentence") {
  FakeWorker fake(good_script);
  fake.options.worker = fake.scratch / "no-worker";
  CHECK_THROWS_WITH(fake.run_once(), Contains("no worker at ") && Contains("--worker"));
  fake.options.worker = fake.scratch / "worker";
  write_atomically(fake.scratch / "a-file", "");
  fake.options.runs = fake.scratch / "a-file";
  CHECK_THROWS_WITH(fake.run_once(), Contains("cannot make the folder"));
  Plan wrong = fake.plan;
  wrong.steps = 0;
  CHECK_THROWS_WITH(launch({{"run", wrong, 1}}, fake.options),
                    Contains("wanted steps of at least 1, found 0"));
}
