// SPDX-License-Identifier: Apache-2.0
// --fresh: nothing that one run writes in its folder is seen by another.
#include "harness/watch/fresh_folder.h"

#include "harness/base/error.h"
#include "harness/trace/files_seen.h"
#include "harness/trace/trace.h"
#include "launch/fake_worker.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

// Goes on from what an earlier run left, takes a file away and makes a folder anew.
constexpr const char* script =
    "cat seen.txt >> log.txt 2>/dev/null; echo more >> seen.txt; rm gone.txt; rm -r old; mkdir old; "
    "echo new > old/new.txt; echo out > {out}/o.txt; pwd > where.txt";

struct FreshRuns {
  Scratch scratch;
  LaunchOptions options;
  Plan plan;
  std::vector<std::string> told;

  explicit FreshRuns(Fresh fresh) {
    write_atomically(scratch / "gone.txt", "here");
    fs::create_directories(scratch / "old");
    write_atomically(scratch / "old/old.txt", "old");
    plan = recipe_of_command({"/bin/sh", "-c", script}).defaults;
    plan.command->folder = scratch.path().string();
    plan.watch.artifacts = {"seen.txt", "log.txt", "old/*.txt", "{out}/*"};
    plan.watch.fresh = fresh;
    options.runs = scratch / "runs";
    options.progress = [this](const LaunchEvent& event) {
      if (const std::string line = to_sentence(event); !line.empty()) told.push_back(line);
    };
  }
  std::vector<RunResult> twice() { return launch({{"one", plan, 1}, {"two", plan, 2}}, options); }
};

void check_alike(FreshRuns& fresh) {
  const auto results = fresh.twice();
  for (const auto& result : results) {
    INFO(result.outcome.reason);
    REQUIRE(result.outcome.done());
    CHECK(read_file(result.folder / "fresh/seen.txt", "file") == "more\n");
    CHECK(read_file(result.folder / "fresh/log.txt", "file").empty());
    CHECK(read_file(result.folder / "fresh/old/new.txt", "file") == "new\n");
    CHECK(read_file(result.folder / "out/o.txt", "file") == "out\n");
    const FreshLeft left = fresh_left(result.folder);
    CHECK(left.removed == std::set<std::string>{"gone.txt", "old/old.txt"});
    CHECK(left.written == std::set<std::string>{"log.txt", "old/new.txt", "seen.txt", "where.txt"});
    CHECK(Trace(result.folder).artifacts().size() == 4);
  }
  CHECK(Trace(results[0].folder).artifacts_digest() == Trace(results[1].folder).artifacts_digest());
  CHECK_FALSE(fs::exists(fresh.scratch / "seen.txt"));
  CHECK(fs::exists(fresh.scratch / "gone.txt"));
  CHECK(fs::exists(fresh.scratch / "old/old.txt"));
  CHECK_FALSE(fs::exists(fresh.scratch / "runs/.fresh-tried"));
}

void need_overlay(const FreshRuns& fresh) {
  const FreshWay way = fresh_way(fresh.plan, fresh.options.runs, false);
  if (!way.overlay) skip("no overlay here: " + way.reason);
}

}  // namespace

TEST_CASE("runs in an overlay start alike, at the same path, and leave what they wrote in their folders") {
  FreshRuns fresh(Fresh::view);
  need_overlay(fresh);
  check_alike(fresh);
  const auto again = fresh.twice();
  CHECK(again[0].reused);
  CHECK(read_file(again[0].folder / "fresh/where.txt", "file") == fresh.scratch.path().string() + "\n");
  CHECK_FALSE(fs::exists(again[0].folder / "fresh.parts"));
}

TEST_CASE("an overlay also works where the runs lie elsewhere") {
  FreshRuns fresh(Fresh::view);
  const Scratch elsewhere;
  fresh.options.runs = elsewhere / "runs";
  need_overlay(fresh);
  const auto results = fresh.twice();
  REQUIRE(results[1].outcome.done());
  CHECK(read_file(results[1].folder / "fresh/seen.txt", "file") == "more\n");
  CHECK_FALSE(fs::exists(results[1].folder / "fresh.parts"));
}

TEST_CASE("runs in copies of their folder start alike, and that is said with the size") {
  FreshRuns fresh(Fresh::copy);
  check_alike(fresh);
  CHECK_THAT(fresh.told.at(0), Contains("copies its folder for each run, 0 KiB (a copy was asked for)"));
  const auto again = fresh.twice();
  CHECK(again[0].reused);
  REQUIRE_FALSE(again[0].outcome.notes.empty());
  CHECK_THAT(again[0].outcome.notes.back(),
             Contains("a path that is written out whole leads to the folder itself"));
}

TEST_CASE("a folder too large to copy is refused with its size before anything runs") {
  FreshRuns fresh(Fresh::copy);
  write_atomically(fresh.scratch / "large.bin", "");
  fs::resize_file(fresh.scratch / "large.bin", std::uintmax_t{3} << 30);
  try {
    fresh.twice();
    FAIL("it was not refused");
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Contains("holds 3.0 GiB, more than the 2.0 GiB"));
    CHECK_THAT(error.what(), Contains("--fresh=copy-any"));
  }
  CHECK_FALSE(fs::exists(fresh.scratch / "seen.txt"));
}

TEST_CASE("a plan says whether its run had its folder to itself, and only then") {
  FreshRuns fresh(Fresh::no);
  CHECK_THAT(to_toml(fresh.plan), !Contains("fresh"));
  const std::string id = plan_id(fresh.plan), recipe = recipe_id(fresh.plan);
  fresh.plan.watch.fresh = Fresh::view;
  CHECK(plan_id(fresh.plan) != id);
  CHECK(recipe_id(fresh.plan) == recipe);
  CHECK(plan_from_toml(to_toml(fresh.plan), "plan").watch.fresh == Fresh::view);
  FakeWorker native(good_script);
  native.plan.watch.fresh = Fresh::view;
  CHECK_THROWS_WITH(check_plan(native.plan), Contains("wanted --fresh of a command"));
}
