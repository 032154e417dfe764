// SPDX-License-Identifier: Apache-2.0
// What compiled code and child programs open is noted by a library that comes by LD_PRELOAD, and read back.
#include "harness/watch/opened_files.h"

#include <nlohmann/json.hpp>

#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/watch/folder_snapshot.h"
#include "program.h"
#include "watch/asked_run.h"
#include "watch/shell_run.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

// Not below /tmp/tmp..., which is left out.
struct WatchedShell : AskedRun {
  WatchedShell() : AskedRun({}, "project") { fs::create_directories(scratch / "data"); }
  std::string data(const std::string& name) const { return (scratch / "data" / name).string(); }
  void write(const std::string& name, const std::string& text) const { write_atomically(data(name), text); }

  Printed operator()(const std::string& words) const {
    write_atomically(scratch / "words.sh", words);
    return run_program(scratch / "data", (scratch / "words.sh").string(),
                       "REPRISE_FOLDER='" + run.string() +
                           "' LD_PRELOAD='" REPRISE_BIN "/../share/reprise/recorder/reprise-opened.so'",
                       "/bin/bash");
  }
  SeenPath seen(const std::string& name) const {
    const FilesSeen all = files_seen(run);
    const auto found = all.paths.find(data(name));
    return found == all.paths.end() ? SeenPath{} : found->second;
  }
};

using Kinds = std::set<std::string>;

}  // namespace

TEST_CASE("what child programs read, write and list is noted with what was there before") {
  const WatchedShell shell;
  shell.write("a.txt", "hello");
  shell.write("sub-none", "");
  const auto printed = shell("cat ../data/./a.txt nope; echo own > own.txt; cat own.txt; exit 3");
  CHECK(printed.code == 3);
  CHECK(printed.out ==
        "hello"
        "own\n");
  CHECK(shell.seen("a.txt").kinds == Kinds{"read"});
  CHECK(shell.seen("a.txt").at_first.identity == identity_of(shell.data("a.txt")));
  CHECK(shell.seen("nope").at_first.absent);
  CHECK(shell.seen("own.txt").first == "write");
  CHECK(shell.seen("own.txt").kinds == Kinds{"read", "write"});
  CHECK(shell.seen("sub-none").first.empty());
  CHECK(files_seen(shell.run).paths.contains((shell.scratch / "words.sh").string()));
  CHECK_FALSE(files_seen(shell.run).listed);
}

TEST_CASE("a folder that is listed is noted by its names, one that the run made for itself is its own") {
  const WatchedShell shell;
  fs::create_directories(shell.data("sub"));
  shell.write("sub/b", "");
  shell.write("sub/n\xe9\"x", "");
  shell("ls sub; mkdir -p mine sub; ls mine; rm -r mine; echo x > new; mv new newer");
  CHECK(shell.seen("sub").first == "list");
  CHECK(shell.seen("sub").at_first.names == std::vector<std::string>{"b", "n\xe9\"x"});
  CHECK(shell.seen("mine").first == "write");
  CHECK(shell.seen("newer").first == "write");
}

TEST_CASE("a file that a child read decides by its content: changed, touched, gone") {
  const WatchedShell shell;
  shell.write("a.txt", "one");
  fs::create_directories(shell.data("sub"));
  shell("cat a.txt; ls sub; cat nope; echo x > own; cat own");
  digest_opened(shell.run, false);
  CHECK(shell.seen("a.txt").at_first.sha256 == sha256_text("one"));
  // A command that no recorder watched rests on more than that.
  write_atomically(shell.run / "files-1.jsonl", "");
  CHECK(shell.changed().empty());
  shell.write("a.txt", "one");
  CHECK(shell.changed().empty());
  shell.write("a.txt", "two");
  CHECK(shell.changed() == shell.data("a.txt") + " changed since this run was made");
  shell.write("a.txt", "one");
  shell.write("own", "other");
  CHECK(shell.changed().empty());
  shell.write("sub/new", "");
  CHECK_THAT(shell.changed(), Contains("sub/new, of a folder that this run listed, is new"));
  fs::remove(shell.data("sub/new"));
  shell.write("nope", "");
  CHECK_THAT(shell.changed(), Contains("nope, which was not there when this run looked"));
}

TEST_CASE("without a run's folder nothing is noted, and what passes is left out") {
  const WatchedShell shell;
  fs::create_directories(shell.data("x/.git"));
  for (const std::string name : {"x/.git/config", "a.py"}) shell.write(name, "");
  shell("cat x/.git/config a.py /etc/passwd > /dev/null; REPRISE_FOLDER= cat a.txt");
  const FilesSeen seen = files_seen(shell.run);
  CHECK(seen.paths.size() == 1);
  CHECK(seen.paths.contains((shell.scratch / "words.sh").string()));
}

TEST_CASE("the library goes in front of a user's own") {
  std::map<std::string, std::string> variables{{"LD_PRELOAD", "/lib/own.so"}};
  add_opened("/runs/id/1", variables);
  CHECK(variables["LD_PRELOAD"].ends_with("/reprise-opened.so:/lib/own.so"));
  CHECK(variables["REPRISE_FOLDER"] == "/runs/id/1");
  CHECK(opened_note().empty());
}

TEST_CASE("a command that no recorder watched is run again when what it read elsewhere changed") {
  ShellRun run("cat ../data > {out}/seen.txt", "project");
  const fs::path data = run.scratch / "data";
  write_atomically(data, "one");
  REQUIRE(run.once().outcome.done());
  CHECK(run.once().reused);
  write_atomically(data, "two");
  CHECK(run.once().anew == data.string() + " changed since this run was made");
  CHECK(run.once().reused);
}
