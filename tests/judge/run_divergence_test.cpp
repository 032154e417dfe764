// SPDX-License-Identifier: Apache-2.0
// Whatever one of two runs has and the other has not parts them.
#include "harness/judge/compare/run_divergence.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/compare/divergence_words.h"
#include "judge/drawn_trace.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

namespace {

struct DrawnProcess {
  DrawnTrace trace;
  std::string rank, place, arguments, ended = {};
};

// A run's folder as the launcher leaves it.
NamedTrace run_of_processes(const Scratch& scratch, const std::string& name,
                            std::vector<DrawnProcess> processes, ToldBy told = ToldBy::rank) {
  RunManifest manifest;
  manifest.execution = name;
  manifest.told_by = told;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    auto& [trace, rank, place, arguments, ended] = processes[i];
    trace.facts["process.rank"] = rank;
    trace.facts["process.place"] = place;
    trace.facts["process.arguments"] = arguments;
    const std::string folder = i == 0 ? std::string(1, '.') : fmt::format("process-{}", i + 1);
    auto entry = entry_of(draw(scratch / name / folder, trace), folder);
    entry.ended = ended;
    if (i == 0) manifest.plan_id = plan_id(plan_of(trace));
    manifest.processes.push_back(entry);
  }
  write_atomically(scratch / name / manifest_name, to_toml(manifest));
  const RunTraces run = read_run(scratch / name);
  return {name, run.processes.front().trace, run};
}

DrawnTrace with_bias_changed(std::int64_t from) {
  DrawnTrace drawn;
  drawn.changes = {{Stage::weights, "fc1.bias", from}};
  return drawn;
}

DrawnTrace of_steps(std::int64_t steps) {
  DrawnTrace drawn;
  drawn.steps = drawn.planned = steps;
  return drawn;
}

Divergence divergence_in(const Diff& diff) {
  REQUIRE(diff.divergences.size() == 1);
  return diff.divergences.front().first;
}

}  // namespace

TEST_CASE("a rank that differs parts two runs although the first rank is equal") {
  const Scratch scratch;
  const auto diff = compare(
      {run_of_processes(scratch, "a", {{{}, "0", "1", "t.py"}, {{}, "1", "2", "t.py"}}),
       run_of_processes(scratch, "b", {{{}, "0", "1", "t.py"}, {with_bias_changed(0), "1", "2", "t.py"}})});
  const Divergence first = divergence_in(diff);
  CHECK(first.process == "rank 1");
  CHECK(first.step == 0);
  CHECK(place_of(first) == "rank 1: initial weights, fc1.bias");
  CHECK(diff.traces[0].chain != diff.traces[1].chain);
}

TEST_CASE(
    "random streams that part before the first forward pass are told with the first batch, where it "
    "differs") {
  Divergence first;
  first.stage = "rng";
  first.tensor = "python.random";
  CHECK(place_of(first) == "random streams before the first forward pass, python.random");
  first.stage_first[static_cast<std::size_t>(Stage::batch)] = 2;
  CHECK(place_of(first) == "random streams before the first forward pass, python.random");
  first.stage_first[static_cast<std::size_t>(Stage::batch)] = 1;
  CHECK(place_of(first) ==
        "random streams before the first forward pass, python.random; the first batch differs too");
}

TEST_CASE("equal ranks are equal runs, whatever the order in which their folders were made") {
  const Scratch scratch;
  const auto diff =
      compare({run_of_processes(scratch, "a", {{{}, "0", "1", ""}, {with_bias_changed(3), "1", "2", ""}}),
               run_of_processes(scratch, "b", {{with_bias_changed(3), "1", "2", ""}, {{}, "0", "1", ""}})});
  CHECK(diff.all_equal());
  CHECK(extent_of(diff) == "from the first step to the last, in each of their 2 training processes");
  CHECK(diff.traces[0].chain == diff.traces[1].chain);
}

TEST_CASE("equal ranks of other lengths are told with their lengths") {
  const Scratch scratch;
  const auto diff =
      compare({run_of_processes(scratch, "a", {{of_steps(6), "0", "1", ""}, {of_steps(7), "1", "2", ""}}),
               run_of_processes(scratch, "b", {{of_steps(6), "0", "1", ""}, {of_steps(7), "1", "2", ""}})});
  CHECK(diff.all_equal());
  CHECK(extent_of(diff) ==
        "from the first step to the last, in each of their 2 training processes (rank 0: 6 steps; rank 1: 7 "
        "steps)");
}

TEST_CASE("a process that one of two runs lacks parts them") {
  const Scratch scratch;
  DrawnTrace untold;  // as a command's: no sample is known
  untold.batch = 0;
  const auto diff = compare({run_of_processes(scratch, "a", {{untold, "0", "1", ""}, {untold, "1", "2", ""}}),
                             run_of_processes(scratch, "b", {{untold, "0", "1", ""}})});
  const Divergence first = divergence_in(diff);
  CHECK(first.stage == "process");
  CHECK(first.last_steps == std::array<std::int64_t, 2>{10, -1});
  CHECK(moved_words(first) == "made runs of other processes (rank 1: only one of them has it)");
}

TEST_CASE("two ranks that each take the whole batch saw other samples than one") {
  const Scratch scratch;
  const auto diff = compare({run_of_processes(scratch, "a", {{{}, "0", "1", ""}, {{}, "1", "2", ""}}),
                             run_of_processes(scratch, "b", {{{}, "0", "1", ""}})});
  const Divergence first = divergence_in(diff);
  CHECK(first.stage == "batch");
  CHECK(moved_words(first) == "moved the bits at step 1 (rank 0: the batch order)");
}

TEST_CASE("a rank that makes one step more parts two runs, with the rank and both lengths") {
  const Scratch scratch;
  const auto diff =
      compare({run_of_processes(scratch, "a", {{{}, "0", "1", ""}, {of_steps(10), "1", "2", ""}}),
               run_of_processes(scratch, "b", {{{}, "0", "1", ""}, {of_steps(11), "1", "2", ""}})});
  const Divergence first = divergence_in(diff);
  CHECK(first.stage == "length");
  CHECK(first.process == "rank 1");
  CHECK(place_of(first) == "rank 1: one ended after step 10, the other after step 11");
}

// Two trainings of one command: the seeds differ, so the arguments do not tell which is which.
TEST_CASE("processes whose arguments differ between runs are told by their order in the tree of starts") {
  const Scratch scratch;
  const auto diff = compare(
      {run_of_processes(scratch, "a", {{{}, "", "1", "t.py 1"}, {{}, "", "2", "t.py 77"}}, ToldBy::place),
       run_of_processes(scratch, "b", {{{}, "", "1", "t.py 1"}, {with_bias_changed(0), "", "2", "t.py 5"}},
                        ToldBy::place)});
  CHECK(divergence_in(diff).process == "process 2");
}

TEST_CASE("processes that started in another order are told by their arguments") {
  const Scratch scratch;
  const auto diff = compare(
      {run_of_processes(scratch, "a", {{{}, "", "1", "t.py 1"}, {with_bias_changed(2), "", "2", "t.py 2"}},
                        ToldBy::place),
       run_of_processes(scratch, "b", {{with_bias_changed(2), "", "1", "t.py 2"}, {{}, "", "2", "t.py 1"}},
                        ToldBy::place)});
  CHECK(diff.all_equal());
}

TEST_CASE("processes that nothing tells apart are matched by what they hold, and it is said") {
  const Scratch scratch;
  const auto made = [&](const std::string& name, const DrawnTrace& one, const DrawnTrace& two) {
    return run_of_processes(scratch, name, {{one, "", "", "t.py"}, {two, "", "", "t.py"}}, ToldBy::content);
  };
  const auto same = compare({made("a", {}, with_bias_changed(2)), made("b", with_bias_changed(2), {})});
  CHECK(same.all_equal());
  CHECK(same.matched_by_content);
  CHECK(
      extent_of(same) ==
      "from the first step to the last, as sets of 2 training processes, of which it could not be determined "
      "which is which");
  const auto apart = compare({made("c", {}, with_bias_changed(2)), made("d", with_bias_changed(4), {})});
  CHECK(divergence_in(apart).step == 2);
}

TEST_CASE("only where a plan asks for fewer steps is a prefix compared, and it is said") {
  const Scratch scratch;
  DrawnTrace until = of_steps(10);
  until.until = until.steps = 6;
  const auto diff = compare(
      {{"whole", draw(scratch / "whole", with_bias_changed(8))}, {"until", draw(scratch / "until", until)}});
  CHECK(diff.all_equal());
  CHECK(diff.prefix == 6);
  CHECK(extent_of(diff) == "up to step 6, the last that all of them were asked for");
}

TEST_CASE("a run that ends by itself before its plan's last step was not asked for less") {
  const Scratch scratch;
  DrawnTrace until = of_steps(10);
  until.until = 6;
  until.steps = 4;
  const auto diff =
      compare({{"whole", draw(scratch / "whole", {})}, {"short", draw(scratch / "short", until)}});
  CHECK(divergence_in(diff).stage == "length");
}

TEST_CASE("a tensor or a stage that one run lacks parts them") {
  const Scratch scratch;
  DrawnTrace more, less;
  more.more_weights = "fc2.weight";
  less.without = Stage::optimizer;
  const auto one = compare({{"a", draw(scratch / "a", {})}, {"b", draw(scratch / "b", more)}});
  CHECK(divergence_in(one).tensor == "fc2.weight");
  const auto two = compare({{"a", draw(scratch / "c", {})}, {"b", draw(scratch / "d", less)}});
  CHECK(divergence_in(two).stage == "optimizer");
}

TEST_CASE("what a run came to that did not end well is said with how far it agrees") {
  const Scratch scratch;
  const auto whole = run_of_processes(scratch, "whole", {{{}, "0", "1", ""}, {{}, "1", "2", ""}});
  DrawnTrace dead;
  dead.steps = 7;
  const auto died = run_of_processes(scratch, "died", {{{}, "0", "1", ""}, {dead, "1", "2", "", "signal 9"}});
  CHECK(how_it_ended(*died.run) == "rank 0 had made 10 steps and rank 1 was ended by signal 9 after step 7");
  CHECK(agreement(*died.run, *whole.run, "whole") == ", equal to those of whole as far as its trace goes.");
  const auto other =
      run_of_processes(scratch, "other", {{{}, "0", "1", ""}, {with_bias_changed(3), "1", "2", ""}});
  CHECK(agreement(*died.run, *other.run, "other") == "; it parts from other at step 3 (weights, fc1.bias).");
}

TEST_CASE("a run's folder that is not whole is refused with what is missing or too much") {
  const Scratch scratch;
  const auto make = [&](const std::string& name) {
    run_of_processes(scratch, name, {{{}, "0", "1", ""}, {with_bias_changed(2), "1", "2", ""}});
    return scratch / name;
  };
  const fs::path lacks = make("lacks"), mixed = make("mixed"), extra = make("extra");
  fs::remove_all(lacks / "process-2");
  CHECK_THROWS_WITH(
      read_run(lacks),
      Catch::Contains("names 2 processes that trained, but the trace of process-2 is not there"));
  fs::copy_file(mixed / "trace.h5", mixed / "process-2/trace.h5", fs::copy_options::overwrite_existing);
  CHECK_THROWS_WITH(read_run(mixed), Catch::Contains("files of two runs were mixed"));
  draw(extra / "process-3", {});
  CHECK_THROWS_WITH(read_run(extra), Catch::Contains("a trace in process-3 that its run.toml does not name"));
  write_atomically(extra / manifest_name, "# reprise run\nformat = \"reprise.run/9\"\n");
  CHECK_THROWS_WITH(read_run(extra), Catch::Contains("wanted reprise.run/1, found 'reprise.run/9'"));
  write_atomically(extra / manifest_name, "# reprise run\nformat = ");
  CHECK_THROWS_AS(read_run(extra), Error);
}

TEST_CASE("a trace named by its file is the run that it lies in, and one of several processes is not one") {
  const Scratch scratch;
  run_of_processes(scratch, "one", {{{}, "0", "1", ""}});
  CHECK(read_run(scratch / "one/trace.h5").execution == "one");
  run_of_processes(scratch, "two", {{{}, "0", "1", ""}, {with_bias_changed(2), "1", "2", ""}});
  CHECK(read_run(scratch / "two/trace.h5").processes.size() == 2);
  CHECK_THROWS_WITH(read_run(scratch / "two/process-2/trace.h5"),
                    Catch::Contains("one of 2 processes of the run"));
  fs::copy_file(scratch / "two/trace.h5", scratch / "one/trace.h5", fs::copy_options::overwrite_existing);
  draw(scratch / "other", with_bias_changed(4));
  fs::copy_file(scratch / "other/trace.h5", scratch / "one/trace.h5", fs::copy_options::overwrite_existing);
  CHECK_THROWS_WITH(read_run(scratch / "one/trace.h5"), Catch::Contains("files of two runs were mixed"));
}

TEST_CASE("a run of reprise 0.1.0, without a manifest, is all its traces") {
  const Scratch scratch;
  draw(scratch / "old", {});
  draw(scratch / "old/rank-1", with_bias_changed(2));
  const RunTraces run = read_run(scratch / "old");
  CHECK(run.processes.size() == 2);
  CHECK(run.execution.empty());
  CHECK(run.told_by == ToldBy::rank);
}
