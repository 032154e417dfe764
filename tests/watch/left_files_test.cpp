// SPDX-License-Identifier: Apache-2.0
// What a run of a command left is kept in its folder before the next run writes over it.
#include "harness/watch/left_files.h"

#include "harness/left/left_record.h"
#include "harness/trace/files_seen.h"
#include "harness/watch/written_files.h"
#include "watch/shell_run.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

// The second run prints and leaves another number, finds once.txt and leaves it alone.
constexpr const char* script =
    "n=$(cat count 2>/dev/null | wc -c); printf x >> count; echo accuracy 0.$n; echo acc 0.$n > result.txt; "
    "echo a > {out}/named.txt; printf 'a\\0b' > {out}/data.bin; mkdir -p __pycache__; echo > "
    "__pycache__/c.txt; "
    "echo x > gone.txt; rm gone.txt; test -e once.txt || echo 1 > once.txt";

const LeftFile* file_named(const LeftRecord& record, const std::string& name) {
  for (const auto& file : record.files)
    if (file.name == name) return &file;
  return nullptr;
}

LeftRecord record_of(const RunResult& result) {
  INFO(result.outcome.reason);
  REQUIRE(result.outcome.done());
  const auto record = left_record(result.folder);
  REQUIRE(record.has_value());
  return *record;
}

}  // namespace

TEST_CASE("each run keeps a record of the files that it wrote and that are still there") {
  ShellRun shell(script, "project");
  shell.options.cores = 1;  // one after the other, though they name {out}
  write_atomically(shell.scratch / "project/old.txt", "of an earlier run");
  const auto results = launch({{"one", shell.plan, 1}, {"two", shell.plan, 2}}, shell.options);
  const auto first = record_of(results[0]), second = record_of(results[1]);
  for (const auto* name : {"count", "result.txt", "{out}/named.txt", "{out}/data.bin"}) {
    INFO(name);
    CHECK(file_named(first, name) != nullptr);
    CHECK(file_named(second, name) != nullptr);
  }
  for (const auto* name : {"old.txt", "gone.txt", "__pycache__/c.txt", "trace.h5"}) {
    INFO(name);
    CHECK(file_named(first, name) == nullptr);
  }
  CHECK(file_named(first, "{out}/named.txt")->artifact);
  CHECK_FALSE(file_named(first, "result.txt")->artifact);
  CHECK(file_named(first, "{out}/data.bin")->text.empty());
  CHECK(file_named(first, "once.txt") != nullptr);
  CHECK(file_named(second, "once.txt") == nullptr);
  // Runs of a command that names {out} may go side by side, so what lies elsewhere may be the other's.
  CHECK(file_named(first, "result.txt")->sha256.empty());
  CHECK_THAT(file_named(first, "result.txt")->remark, Contains("outside of {out}"));
  CHECK(file_named(first, "{out}/data.bin")->sha256.size() == 64);
}

TEST_CASE("a text that each run writes anew is kept as each of them left it") {
  ShellRun shell("n=$(cat count 2>/dev/null | wc -c); printf x >> count; echo acc 0.$n > result.txt",
                 "project");
  shell.plan.watch.artifacts = {"count"};
  const auto results = launch({{"one", shell.plan, 1}, {"two", shell.plan, 2}}, shell.options);
  const auto kept = [&](const RunResult& result) {
    const auto record = record_of(result);
    REQUIRE(file_named(record, "result.txt") != nullptr);
    return read_file(result.folder / file_named(record, "result.txt")->text, "copy");
  };
  CHECK(kept(results[0]) == "acc 0.0\n");
  CHECK(kept(results[1]) == "acc 0.1\n");
}

TEST_CASE("a file that came while the run went on, and that it was not seen to open, is not the run's") {
  const Scratch scratch;
  const fs::path run = scratch / "run", folder = scratch / "project";
  for (const auto& made : {run, folder}) fs::create_directories(made);
  write_atomically(folder / "mine.txt", "a");
  write_atomically(folder / "shell.log", "b");
  write_start({{}, {}, folder.string(), {}, true, ""}, run);
  write_changed({(folder / "mine.txt").string(), (folder / "shell.log").string()}, run);
  for (const auto& file : files_written_by(run)) CHECK(file.opened);  // nobody noted what was opened
  write_atomically(run / "opened-1.jsonl",
                   "{\"path\":\"" + (folder / "mine.txt").string() + "\",\"first\":\"write\",\"at\":1}\n");
  const auto written = files_written_by(run);
  REQUIRE(written.size() == 2);
  CHECK(written[0].opened);
  CHECK_FALSE(written[1].opened);
  keep_left({}, run);
  const auto record = left_record(run);
  REQUIRE(record.has_value());
  CHECK(file_named(*record, "mine.txt")->sha256.size() == 64);
  CHECK(file_named(*record, "shell.log")->sha256.empty());
  CHECK_THAT(file_named(*record, "shell.log")->remark, Contains("no program of the run was seen to open it"));
}

TEST_CASE("a short run, and one whose start was not noted, keep no record") {
  const Scratch scratch;
  Plan plan;
  keep_left(plan, scratch.path());
  CHECK_FALSE(left_record(scratch.path()).has_value());
  write_start({{}, {}, scratch.path().string(), {}, true, ""}, scratch.path());
  plan.watch.until = 5;
  CHECK_FALSE(is_told_whole(plan));
  keep_left(plan, scratch.path());
  CHECK_FALSE(left_record(scratch.path()).has_value());
}
