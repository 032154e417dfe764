// SPDX-License-Identifier: Apache-2.0
// A finished run is reused only while all that it was given and was seen to read is as it was.
#include "harness/base/sha256.h"
#include "harness/plan/scripts_named.h"
#include "harness/trace/run_manifest.h"
#include "watch/asked_run.h"
#include "watch/shell_run.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

// A run of a command whose recorder noted these lines.
struct NotedRun : AskedRun {
  explicit NotedRun(const std::string& lines) : AskedRun({{"torch", "2.11"}}, "") {
    write_atomically(run / "files-7.jsonl", lines);
  }
  void write(const std::string& name, const std::string& text) const {
    write_atomically(scratch / name, text);
  }
};

std::string line(const NotedRun& noted, const std::string& name, const std::string& rest) {
  return "{\"path\": \"" + (noted.scratch / name).string() + "\", " + rest + "}\n";
}

std::string content(const std::string& text) {
  return "\"bytes\": " + std::to_string(text.size()) + ", \"identity\": \"0 0 0\", \"sha256\": \"" +
         sha256_text(text) + "\"";
}

}  // namespace

TEST_CASE("a run whose worker is another now is run again, with what changed") {
  FakeWorker fake(good_script);
  fake.run_once();
  CHECK(fake.run_once().reused);
  fake.write_script(std::string(good_script) + "# another\n");
  const RunResult result = fake.run_once();
  CHECK_FALSE(result.reused);
  CHECK(result.anew == "the worker changed since this run was made");
  CHECK(std::ranges::count(fake.told,
                           "baseline: the worker changed since this run was made: it is run again") == 1);
  CHECK(fake.run_once().reused);
}

TEST_CASE("a run that was made in another folder is no run of this one, though its plan is the same") {
  NotedRun noted("");
  CHECK(noted.changed().empty());
  noted.folder = noted.scratch / "elsewhere";
  CHECK_THAT(noted.changed(), Contains("made in another folder, " + noted.scratch.path().string()));
}

TEST_CASE("a run of another plan in this one's folder is refused, and a copy of a run is run again") {
  FakeWorker fake(good_script);
  const RunResult first = fake.run_once();
  ProcessEntry process;
  process.folder = ".";
  process.chain = std::string(32, '0');
  RunManifest manifest{"0123456789abcdef0123456789abcdef", process.chain, ToldBy::alone, false, {process}};
  write_atomically(first.folder / "run.toml", to_toml(manifest));
  CHECK_THROWS_WITH(fake.run_once(), Contains("found one of plan 0000") && Contains("move it back"));
  manifest.plan_id = plan_id(fake.plan);
  write_atomically(first.folder / "run.toml", to_toml(manifest));
  CHECK(fake.run_once().reused);
  fs::copy(first.folder, first.folder.parent_path() / "2", fs::copy_options::recursive);
  const auto both = launch({{"repeat=1", fake.plan, 1}, {"repeat=2", fake.plan, 2}}, fake.options);
  CHECK(both.at(0).reused);
  CHECK_FALSE(both.at(1).reused);
  CHECK_THAT(both.at(1).anew, Contains("is a copy of " + first.folder.string()));
}

TEST_CASE("a run of which nothing shows what it read is run again") {
  FakeWorker fake(good_script);
  const RunResult first = fake.run_once();
  fs::remove(first.folder / "start.json");
  CHECK_THAT(fake.run_once().anew, Contains("nothing shows what this run read"));
  write_atomically(first.folder / "start.json", "{\"given\": 3");
  CHECK_FALSE(fake.run_once().reused);
  CHECK(fake.run_once().reused);
}

TEST_CASE("a file that was read decides by its content, not by its time") {
  NotedRun noted("");
  noted.write("data.txt", "one");
  write_atomically(noted.run / "files-7.jsonl",
                   line(noted, "data.txt", "\"first\": \"read\", " + content("one")));
  CHECK(noted.changed().empty());
  noted.write("data.txt", "two");
  CHECK(noted.changed() == "data.txt changed since this run was made");
  noted.write("data.txt", "one");
  CHECK(noted.changed().empty());
  fs::remove(noted.scratch / "data.txt");
  CHECK(noted.changed() == "data.txt is gone since this run was made");
}

TEST_CASE("a file that was looked for and came since counts as changed, one that the run wrote does not") {
  NotedRun noted("");
  write_atomically(noted.run / "files-7.jsonl",
                   line(noted, "cache.bin", "\"first\": \"read\", \"absent\": true") +
                       line(noted, "out.pt", "\"first\": \"write\", \"absent\": true") +
                       line(noted, "out.pt", "\"also\": \"read\""));
  noted.write("out.pt", "anything");
  CHECK(noted.changed().empty());
  noted.write("cache.bin", "x");
  CHECK_THAT(noted.changed(), Contains("cache.bin, which was not there when this run looked"));
}

TEST_CASE("a name that is new in a folder that was listed counts, unless the run put it there") {
  NotedRun noted("");
  fs::create_directories(noted.scratch / "images");
  noted.write("images/a.png", "a");
  write_atomically(noted.run / "files-7.jsonl",
                   line(noted, "images", "\"first\": \"list\", \"listing\": \"x\", \"names\": [\"a.png\"]") +
                       line(noted, "images/own.png", "\"first\": \"write\", \"absent\": true"));
  noted.write("images/own.png", "o");
  CHECK(noted.changed().empty());
  noted.write("images/b.png", "b");
  CHECK_THAT(noted.changed(), Contains("images/b.png"));
}

TEST_CASE("all processes of a run count, and what they found differently is never reused") {
  NotedRun noted("");
  noted.write("a", "one");
  write_atomically(noted.run / "files-7.jsonl", line(noted, "b", "\"first\": \"read\", \"absent\": true"));
  write_atomically(noted.run / "files-8.jsonl", line(noted, "a", "\"first\": \"read\", " + content("two")));
  CHECK_THAT(noted.changed(), Contains("a changed"));
  write_atomically(noted.run / "files-9.jsonl", line(noted, "a", "\"first\": \"read\", " + content("one")));
  CHECK_THAT(noted.changed(), Contains("changed while this run read it"));
}

TEST_CASE("what a run was given decides too, by name") {
  NotedRun noted("");
  CHECK(noted.changed().empty());
  noted.given["torch"] = "2.12";
  CHECK(noted.changed() == "the torch changed since this run was made");
  noted.given["torch"] = "2.11";
  noted.given["variable HF_HOME"] = "x";
  CHECK(noted.changed() == "the variable HF_HOME changed since this run was made");
}

TEST_CASE("a command that no recorder watched is run again when a file of its folder changed") {
  ShellRun run("cat config.txt > {out}/seen.txt");
  write_atomically(run.scratch / "config.txt", "one");
  REQUIRE(run.once().outcome.done());
  CHECK(run.once().reused);
  write_atomically(run.scratch / "config.txt", "two");
  const RunResult again = run.once();
  CHECK(again.anew == "config.txt changed since this run was made");
  CHECK(read_file(again.folder / "out/seen.txt", "file") == "two");
}

TEST_CASE("words that name a script or a module are part of what is run") {
  const Scratch scratch;
  fs::create_directories(scratch / "pkg/tool");
  write_atomically(scratch / "train.py", "#!/usr/bin/env python3\n");
  write_atomically(scratch / "go", "#!/bin/sh\n");
  write_atomically(scratch / "pkg/train.py", "");
  write_atomically(scratch / "pkg/tool/__main__.py", "");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const auto named = [&](const std::vector<std::string>& words) {
    return scripts_named(words, scratch.path());
  };
  CHECK(named({"./train.py", "--lr"}) == Pairs{{"./train.py", "./train.py"}});
  CHECK(named({"./go"}) == Pairs{{"./go", "./go"}});
  CHECK(named({"python", "-m", "pkg.train"}) == Pairs{{"pkg.train", "pkg/train.py"}});
  CHECK(named({"python", "-m", "pkg.tool"}) == Pairs{{"pkg.tool", "pkg/tool/__main__.py"}});
  CHECK(named({"torchrun", "train.py"}) == Pairs{{"train.py", "train.py"}});
  CHECK(named({"/bin/sh", "-c", "true"}).empty());
}
