// SPDX-License-Identifier: Apache-2.0
// Runs handed to a Slurm that is a few lines of shell: sbatch makes each task at once, squeue says what a
// file says. A real one: tests/slurm.
#include "harness/launch/slurm_runs.h"

#include <cstdlib>

#include "harness/base/error.h"
#include "harness/cluster/batch.h"
#include "harness/launch/elsewhere.h"
#include "harness/launch/leg.h"
#include "harness/launch/replay.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/slurm_record.h"
#include "harness/launch/slurm_submission.h"
#include "harness/plan/node_kind.h"
#include "launch/fake_worker.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

struct MadeSlurm : FakeWorker {
  std::string path_before = environment_text("PATH");

  explicit MadeSlurm(const std::string& worker) : FakeWorker(worker) {
    options.executor = "slurm";
    ::setenv("PATH", ((scratch / "bin").string() + ":" + path_before).c_str(), 1);
    ::setenv("MADE_SLURM", scratch.path().c_str(), 1);
    make_folder(scratch / "bin");
    tool("sbatch", R"(cd "$MADE_SLURM"
for word in "$@"; do echo "$word" >> asked; script=$word; done
if [ -e refusal ]; then cat refusal >&2; exit 1; fi
for word in "$@"; do case $word in --array=*) array=${word#--array=} ;; esac; done
array=${array%\%*} number=$((70 + $(cat count 2>/dev/null || echo 0) + 1))
echo $((number - 70)) > count
task=${array%-*}
while [ "$task" -le "${array#*-}" ]; do
  state=COMPLETED
  [ -e lose ] || SLURM_ARRAY_TASK_ID=$task sh "$script" > log 2>&1 || state=FAILED
  [ ! -e state ] || state=$(cat state)
  echo "${number}_$task|$state|None|n1" >> queue
  task=$((task + 1))
done
echo $number)");
    tool("squeue", R"(cd "$MADE_SLURM"
if [ -e deaf ]; then cat deaf >&2; exit 1; fi
for word in "$@"; do job=$word; case $word in --name=*) cat named 2>/dev/null; exit 0 ;; esac; done
grep "^${job}_" queue || { echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1; })");
    tool("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1");
    tool("scancel", R"(echo "$@" >> "$MADE_SLURM/cancelled")");
  }
  ~MadeSlurm() { ::setenv("PATH", path_before.c_str(), 1); }

  void tool(const std::string& name, const std::string& script) const {
    write_atomically(scratch / "bin" / name, "#!/bin/sh\n" + script + "\n");
    fs::permissions(scratch / "bin" / name, fs::perms::owner_all);
  }
  void say(const std::string& file, const std::string& text) const { write_atomically(scratch / file, text); }
  void unsay(const std::string& file) const { fs::remove(scratch / file); }
  fs::path folder() const { return run_folder(options.runs, {"", plan, 1}); }
  bool was_told(const std::string& part) const {
    return std::any_of(told.begin(), told.end(),
                       [&](const std::string& line) { return line.find(part) != std::string::npos; });
  }
};

}  // namespace

TEST_CASE("runs that Slurm made lie in their place, as if they had been made here") {
  MadeSlurm slurm("echo hello\necho trace > \"$2\"\n");
  slurm.options.cluster.slurm = "partition=gpu gres=gpu:h100:1";
  slurm.options.cluster.at_once = 2;
  const auto results =
      launch({{"a", slurm.plan, 1}, {"b", slurm.plan, 2}, {"a again", slurm.plan, 1}}, slurm.options);
  for (const auto& result : results) {
    CHECK(result.outcome.done());
    CHECK_FALSE(result.reused);
    CHECK(read_file(result.folder / "log.txt", "log") == "hello\n");
  }
  CHECK(results[0].folder == slurm.folder());
  CHECK(results[2].folder == results[0].folder);
  CHECK_FALSE(record_of(results[0].folder));
  const auto asked = slurm.lines("asked");
  for (const char* word :
       {"--parsable", "--no-requeue", "--array=0-1%2", "--partition=gpu", "--gres=gpu:h100:1"})
    CHECK(std::count(asked.begin(), asked.end(), word) == 1);
  CHECK(slurm.was_told("handed in job 71 with 2 runs"));
  CHECK(launch({{"a", slurm.plan, 1}}, slurm.options).at(0).reused);
  CHECK(standing_elsewhere({"a", slurm.plan, 1}, slurm.options));
  CHECK(slurm.lines("count").at(0) == "1");
}

TEST_CASE("each kind of machine is an array of its own, with the options of the site") {
  MadeSlurm slurm(good_script);
  slurm.options.cluster.site = site_from_toml(
      "slurm = \"account=a\"\n[[kind]]\nname = \"h100\"\ndevice = \"cpu\"\nslurm = \"constraint=sm90\"\n"
      "[[kind]]\nname = \"a100\"\ndevice = \"cpu\"\nslurm = \"constraint=sm80 account=b\"\n",
      "site");
  std::vector<Run> runs;
  for (const char* kind : {"h100", "a100", "h100"}) {
    runs.push_back({kind, slurm.plan, static_cast<int>(runs.size()) + 1});
    set_kind(runs.back().plan, kind);
  }
  for (const auto& result : launch(runs, slurm.options)) CHECK(result.outcome.done());
  const std::string asked = join(slurm.lines("asked"), " ");
  CHECK_THAT(asked, Contains("--account=b --constraint=sm80") && Contains("--account=a --constraint=sm90") &&
                        Contains("--array=0-1 ") && Contains("--array=0 "));
  set_kind(runs[0].plan, "h200");
  CHECK_THROWS_WITH(launch(runs, slurm.options), Contains("no kind of machine named 'h200'; did you mean"));
}

TEST_CASE("a job unpacks a bundle on its node's own disk, makes its run with it, and leaves nothing there") {
  MadeSlurm slurm(good_script);
  const auto packed = slurm.scratch / "packed/reprise-1/bin";
  make_folder(packed);
  make_folder(slurm.scratch / "disk");
  write_atomically(packed / "reprise", "#!/bin/sh\necho \"$0\" > '" + (slurm.scratch / "from").string() +
                                           "'\nexec " REPRISE_BIN "/reprise \"$@\"\n");
  fs::permissions(packed / "reprise", fs::perms::owner_all);
  REQUIRE(std::system(("cd '" + (slurm.scratch / "packed").string() + "' && tar -cf ../a.tar *").c_str()) ==
          0);
  slurm.options.cluster.bundle = slurm.scratch / "a.tar";
  ::setenv("SLURM_TMPDIR", (slurm.scratch / "disk").c_str(), 1);
  CHECK(slurm.run_once().outcome.done());
  ::unsetenv("SLURM_TMPDIR");
  CHECK_THAT(slurm.lines("from").at(0), Catch::Matchers::StartsWith((slurm.scratch / "disk").string()) &&
                                            Contains("/reprise-1/bin/reprise"));
  CHECK(list_folder(slurm.scratch / "disk").empty());
  slurm.options.cluster.bundle = slurm.scratch / "none.tar";
  slurm.options.again = true;
  CHECK_FALSE(slurm.run_once().outcome.done());
}

TEST_CASE("a run that says why it is not done says so through Slurm too") {
  MadeSlurm slurm("echo '{\"event\": \"ended\", \"text\": \"no data file\"}' >&3\nexit 3\n");
  const RunResult result = slurm.run_once();
  CHECK(result.outcome.ending == Ending::skipped);
  CHECK(result.outcome.reason == "no data file");
  CHECK(fs::exists(result.folder / "outcome.toml"));
}

TEST_CASE("a job whose node was lost is no run, whatever files it left") {
  MadeSlurm slurm(good_script);
  for (const auto& [state, ending] : {std::pair("NODE_FAIL", Ending::failed),
                                      {"TIMEOUT", Ending::timed_out},
                                      {"OUT_OF_MEMORY", Ending::killed},
                                      {"CANCELLED", Ending::interrupted},
                                      {"FAILED", Ending::failed}}) {
    INFO(state);
    slurm.say("state", state);
    const RunResult result = slurm.run_once();
    CHECK(result.outcome.ending == ending);
    CHECK_THAT(result.outcome.reason, Contains(state) && Contains("on n1"));
    CHECK_FALSE(finished_run(slurm.folder()));
    CHECK_FALSE(record_of(slurm.folder()));
  }
  slurm.unsay("state");
  CHECK(slurm.run_once().outcome.done());
}

TEST_CASE("a job that ended well without a whole result is no run") {
  MadeSlurm slurm(good_script);
  slurm.say("lose", "");
  CHECK_THAT(slurm.run_once().outcome.reason, Contains("ended as COMPLETED, but it left no result"));
  slurm.unsay("lose");
  // What changes the trace behind the result's back.
  slurm.tool("squeue", R"x(cd "$MADE_SLURM"
for file in runs/slurm/*/made/*/1/trace.h5; do [ -L "$(dirname "$file")" ] || echo more >> "$file"; done
cat queue)x");
  CHECK_THAT(slurm.run_once().outcome.reason, Contains("is not the file that its result names"));
  CHECK_FALSE(finished_run(slurm.folder()));
}

TEST_CASE("what the cluster does not have is untested, with its sentence") {
  MadeSlurm slurm(good_script);
  for (const char* sentence :
       {"Batch job submission failed: Invalid feature specification", "invalid partition specified: gpu",
        "Batch job submission failed: Requested node configuration is not available"}) {
    slurm.say("refusal", std::string("sbatch: error: ") + sentence + "\n");
    const RunResult result = slurm.run_once();
    CHECK(result.outcome.ending == Ending::skipped);
    CHECK(result.outcome.reason == std::string("the cluster has no such machine: ") + sentence);
  }
  slurm.say("refusal", "sbatch: error: Batch job submission failed: Invalid account\n");
  CHECK_THROWS_WITH(slurm.run_once(), Contains("Slurm did not take the jobs") && Contains("Invalid account"));
  slurm.say(
      "refusal",
      "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n");
  CHECK_THROWS_WITH(slurm.run_once(), Contains("Unable to contact") && Contains("try again"));
}

TEST_CASE("jobs that a launch before handed in are found again, and not handed in a second time") {
  MadeSlurm slurm(good_script);
  // The submitter dies when the job has ended and nobody has looked.
  submit_runs({{"a", slurm.plan, 1}}, slurm.options, [](const std::string&) {});
  const auto record = record_of(slurm.folder());
  REQUIRE(record);
  CHECK(slurm.run_once().outcome.done());
  CHECK(slurm.was_told("job 71_0 has it already"));
  CHECK(slurm.lines("count").at(0) == "1");
}

TEST_CASE("a submitter that died before it noted the job's number finds it by its name") {
  MadeSlurm slurm(good_script);
  submit_runs({{"a", slurm.plan, 1}}, slurm.options, [](const std::string&) {});
  const fs::path batch = batch_folder(slurm.options.runs, record_of(slurm.folder())->batch);
  fs::remove(batch / "job");
  slurm.say("named", "71\n");
  CHECK(slurm.run_once().outcome.done());
  CHECK(slurm.lines("count").at(0) == "1");
}

TEST_CASE("what was lost while nobody looked is handed in again") {
  MadeSlurm slurm(good_script);
  slurm.say("state", "NODE_FAIL");
  submit_runs({{"a", slurm.plan, 1}}, slurm.options, [](const std::string&) {});
  slurm.unsay("state");
  CHECK(slurm.run_once().outcome.done());
  CHECK(slurm.was_told("its job 71_0 was lost (NODE_FAIL on n1); it is handed in again"));
  CHECK(slurm.lines("count").at(0) == "2");
}

TEST_CASE("a run that is whole counts although Slurm has forgotten its job, and says so") {
  MadeSlurm slurm(good_script);
  submit_runs({{"a", slurm.plan, 1}}, slurm.options, [](const std::string&) {});
  slurm.say("queue", "");
  const RunResult result = slurm.run_once();
  CHECK(result.outcome.done());
  REQUIRE(result.outcome.notes.size() == 1);
  CHECK_THAT(result.outcome.notes[0], Contains("Slurm no longer knows how job 71_0 ended"));
  CHECK(slurm.lines("count").at(0) == "1");
}

TEST_CASE("a controller that does not answer is waited for, and an interrupt cancels what was handed in") {
  MadeSlurm slurm(good_script);
  slurm.say("deaf", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n");
  int asked = 0;
  slurm.options.interrupted = [&] { return slurm.was_told("slurm: no answer") && ++asked > 3; };
  const RunResult result = slurm.run_once();
  CHECK(result.outcome.ending == Ending::interrupted);
  CHECK(slurm.lines("cancelled") == std::vector<std::string>{"71_0"});
  CHECK_FALSE(record_of(slurm.folder()));
}

TEST_CASE("jobs that cannot be cancelled are found by the next launch") {
  MadeSlurm slurm(good_script);
  slurm.say("deaf", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n");
  slurm.tool("scancel", "echo 'scancel: error: no controller' >&2; exit 1");
  slurm.options.interrupted = [&] { return slurm.was_told("slurm: no answer"); };
  CHECK(slurm.run_once().outcome.ending == Ending::interrupted);
  CHECK(slurm.was_told("could not be cancelled (scancel: error: no controller)"));
  slurm.options.interrupted = nullptr;
  slurm.unsay("deaf");
  CHECK(slurm.run_once().outcome.done());
  CHECK(slurm.lines("count").at(0) == "1");
}

TEST_CASE("a leg is made by the reprise that handed it in, and by no other") {
  FakeWorker fake(good_script);
  write_batch(fake.scratch / "batch", {{"a", fake.plan, 1}}, std::string(64, '0'));
  CHECK_THROWS_WITH(make_leg({fake.scratch / "batch", 0, "", ""}, fake.options),
                    Contains("and this is another"));
  write_batch(fake.scratch / "batch", {{"a", fake.plan, 1}}, this_program());
  CHECK_THROWS_WITH(make_leg({fake.scratch / "batch", 1, "", ""}, fake.options),
                    Contains("from 0 to 0, found 1"));
  const fs::path result = fake.scratch / "results/0.toml";
  const RunResult made = make_leg({fake.scratch / "batch", 0, result, ""}, fake.options);
  CHECK(made.outcome.done());
  CHECK(wrong_result(result, made.folder, plan_id(fake.plan), 1).empty());
}

TEST_CASE("a plan for a kind of machine is not run on one that does not claim to be it") {
  FakeWorker fake(good_script);
  set_kind(fake.plan, "h100");
  const RunResult result = fake.run_once();
  CHECK(result.outcome.ending == Ending::skipped);
  CHECK_THAT(result.outcome.reason, Contains("the kind h100"));
  CHECK(replay(fake.plan, fake.scratch / "call", fake.scratch / "out", false, fake.options).ending ==
        Ending::skipped);
  write_batch(fake.scratch / "batch", {{"a", fake.plan, 1}}, "");
  CHECK(make_leg({fake.scratch / "batch", 0, "", ""}, fake.options).outcome.done());
}

TEST_CASE("commands that Slurm ran and that wrote to one file say so") {
  MadeSlurm slurm("");
  const fs::path work = slurm.scratch / "work";
  make_folder(work);
  Plan plan = recipe_of_command({"/bin/sh", "-c", "echo x >> shared.txt; mkdir -p {out}"}).defaults;
  plan.command->folder = work.string();
  plan.watch.artifacts = {"shared.txt"};
  const auto results = launch({{"a", plan, 1}, {"b", plan, 2}}, slurm.options);
  for (const auto& result : results) {
    INFO(result.outcome.reason);
    REQUIRE(result.outcome.done());
    CHECK(std::any_of(result.outcome.notes.begin(), result.outcome.notes.end(), [](const std::string& note) {
      return note.find("wrote to the same file") != std::string::npos;
    }));
  }
}
