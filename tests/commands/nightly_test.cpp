// SPDX-License-Identifier: Apache-2.0
// Nights as a machine lives them: the first without baselines, a planted change, a night that is killed and
// goes on. A made worker trains in milliseconds.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

std::string recipe_text(const std::string& program) {
  return "summary = \"a recipe for nights\"\nprogram = \"" + program +
         "\"\n[train]\nsteps = 6\nbatch = 2\nsamples = 8\nevaluate_every = 3\n[parameters]\nlr = "
         "0.5\n[metric]\n"
         "name = \"accuracy\"\nunit = \"%\"\nbetter = \"higher\"\nmargin = 1\n[watch]\ncheckpoint_every = 3\n"
         "keep = \"none\"\n";
}

struct Machine {
  Scratch scratch;
  explicit Machine(const std::string& before_training = "") {
    for (const std::string name : {"one", "two"})
      write_atomically(scratch / (name + ".toml"), recipe_text(name));
    write_atomically(
        scratch / "night.toml",
        "format = \"reprise.matrices/1\"\n[[matrix]]\nrecipes = [\"./one.toml\", \"./two.toml\"]\n"
        "axes = [\"threads=1,2\", \"repeat=2\"]\n");
    write_atomically(scratch / "worker", "#!/bin/sh\ncd '" + scratch.path().string() + "'\n" +
                                             before_training +
                                             "echo \"$1\" >> started\n'" REPRISE_MADE_WORKER
                                             "' \"$1\" \"$2\" planted && echo \"$1\" >> finished\n");
    fs::permissions(scratch / "worker", fs::perms::owner_all);
  }

  Printed run(const std::string& words, const std::string& before = "") const {
    return run_program(scratch.path(), words, before);
  }
  Printed night(int code, const std::string& before = "", const std::string& more = "") const {
    const auto printed = run("nightly night.toml --machine a --worker ./worker" + more, before);
    INFO(printed.out << printed.err);
    REQUIRE(printed.code == code);
    return printed;
  }
  std::string text(const std::string& file) const { return content_of(scratch / file); }
  std::size_t lines(const std::string& file) const { return split(text(file), '\n').size() - 1; }
};

Json night_json(const Machine& machine, const std::string& night) {
  return Json::parse(machine.text("history/nights/a/" + night + "/night.json"));
}

bool appears(const fs::path& file) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (!fs::exists(file) && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return fs::exists(file);
}

}  // namespace

TEST_CASE("a planted change shows on its night, with what changed, and the nights around it match") {
  const Machine machine;
  const auto first = machine.night(2);
  CHECK_THAT(first.out, Contains("8 without a baseline") && Contains("reprise baseline record") &&
                            Contains("runs/a/night-0001/"));
  CHECK_FALSE(fs::exists(machine.scratch / "baselines"));
  machine.night(2, "", " --record");
  CHECK(list_folder(machine.scratch / "baselines").size() == 4);
  machine.night(0);
  write_atomically(machine.scratch / "planted", "parts_at 4 library 2");
  const auto third = machine.night(1, "GITHUB_STEP_SUMMARY=summary.md");
  CHECK_THAT(third.out, Contains("8 left the baseline") && !Contains("reprise bisect"));
  fs::remove(machine.scratch / "planted");
  machine.night(0);

  CHECK(machine.lines("history/history-a.jsonl") == 40);
  CHECK(machine.lines("finished") == 40);
  const Json found = night_json(machine, "0004");
  CHECK(found["mismatch"] == 8);
  CHECK(found["runs"][0]["changed"] == Json{"library.made.so: 1, now 2"});
  CHECK(found["runs"][0]["changed_since_baseline"] == Json{"library.made.so: 1, now 2"});
  CHECK_THAT(found["not_bisected"].dump(), Contains("looks for none"));
  CHECK_THAT(found["runs"][0]["sentence"].get<std::string>(), Contains("step 4"));
  CHECK_THAT(machine.text("summary.md"), Contains("8 left the baseline"));
  CHECK_THAT(machine.text("history/nights/a/0004/night.xml"), Contains("failures=\"8\""));
  const std::string page = machine.text("history/index.html");
  CHECK_THAT(page, Contains("href=\"nights/a/0004/one/report.html\">✗Δ</a>") &&
                       Contains("href=\"nights/a/0003/one/report.html\">✓</a>") &&
                       Contains("href=\"nights/a/0005/one/report.html\">✓Δ</a>") &&
                       Contains("library.made.so: 1, now 2"));
  CHECK(fs::exists(machine.scratch / "history/nights/a/0004/one/report.html"));
  CHECK_THAT(machine.text("history/badge.json"), Contains("8/8 match"));
}

TEST_CASE("a mismatch is bisected from what both runs hold, and what names no operator says why") {
  const Machine machine;
  write_atomically(machine.scratch / "night.toml",
                   "format = \"reprise.matrices/1\"\nbisect = \"first\"\n" +
                       replace_all(machine.text("night.toml"), "format = \"reprise.matrices/1\"\n", ""));
  machine.night(2);
  REQUIRE(machine.run("baseline record runs").code == 0);
  write_atomically(machine.scratch / "planted", "parts_at 4 library 2");
  const auto night = machine.night(1, "", " --events events.jsonl");
  CHECK_THAT(night.out, Contains("No operator was named for") && !Contains("reprise bisect"));
  CHECK_THAT(machine.text("events.jsonl"), Contains("\"event\":\"verdict\",") && Contains("\"exit_code\":1"));
  const Json found = night_json(machine, "0002");
  REQUIRE(found["not_bisected"].size() >= 1);
  CHECK_THAT(found["not_bisected"][0].get<std::string>(),
             Contains("the baseline's software is not here any more") && Contains("library.made.so"));
  for (const auto& run : found["runs"]) CHECK(run["operator"].is_null());
}

TEST_CASE("a file that a script found otherwise stands on the night's report and on the page of all nights") {
  const Machine machine;
  write_atomically(machine.scratch / "train.sh", "cat data.csv > out.txt\n");
  write_atomically(machine.scratch / "night.toml",
                   "format = \"reprise.matrices/1\"\n[[matrix]]\nscripts = [\"sh train.sh\"]\n"
                   "axes = [\"repeat=2\"]\nset = [\"artifacts=out.txt\"]\n");
  const auto night = [&](int code, const std::string& data, const std::string& more = "") {
    write_atomically(machine.scratch / "data.csv", data);
    return machine.night(code, "", more).out;
  };
  night(2, "1\n", " --record");
  CHECK_THAT(night(1, "2\n"), Contains("data.csv held something else when the baseline's"));
  night(0, "1\n");
  const std::string other = "data.csv held something else when night ";
  for (const auto& [number, before] : {std::pair("0002", "1"), std::pair("0003", "2")})
    CHECK(night_json(machine, number)["runs"][0]["changed"] ==
          Json{other + before + " began than when this night did"});
  const std::string page = machine.text("history/index.html");
  CHECK_THAT(page, Contains(other + "1 began") && Contains(other + "2 began"));
  CHECK_THAT(page, !Contains("nothing that was noted"));
}

TEST_CASE("of runs that differ from each other nothing is kept, and the terminal says so") {
  const Machine machine("if [ -e started ]; then echo parts_at 4 > planted; fi\n");
  const auto night = machine.night(2, "", " --record --jobs 1");
  CHECK_THAT(night.out, Contains("can be kept as its baseline: its runs differ from"));
  CHECK(list_folder(machine.scratch / "baselines").size() == 3);
}

TEST_CASE("a night that is killed loses no finished run and goes on, and a second one meanwhile is refused") {
  // The second recipe's first run waits, so that the night is killed in the middle of it.
  const Machine machine(
      "if grep -q 'program = \"two\"' \"$1\" && [ ! -e go ]; then echo $$ > waiting.partial; mv "
      "waiting.partial "
      "waiting; while [ ! -e go ]; do sleep 0.05; done; exit 1; fi\n");
  const std::string line = "cd '" + machine.scratch.path().string() +
                           "' && { '" REPRISE_BIN
                           "/reprise' nightly night.toml --machine a --worker ./worker --jobs 1 "
                           ">out 2>err </dev/null & echo $! > pid; }";
  REQUIRE(std::system(line.c_str()) == 0);
  REQUIRE(appears(machine.scratch / "waiting"));
  CHECK(machine.lines("history/history-a.jsonl") == 4);
  const auto refused = machine.run("nightly night.toml --machine a --worker ./worker");
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("another night of a is running on the history"));
  REQUIRE(std::system(("kill -9 " + std::string(trim(machine.text("pid"))) + " " +
                       std::string(trim(machine.text("waiting"))))
                          .c_str()) == 0);
  const auto finished = split(machine.text("finished"), '\n');
  const std::size_t started = machine.lines("started");
  REQUIRE(finished.size() > 4);
  write_atomically(machine.scratch / "go", "");
  const auto second = machine.night(2);
  CHECK_THAT(second.err, Contains("Night 1 was ended in the middle and goes on"));
  CHECK(machine.lines("history/history-a.jsonl") == 8);
  const auto all = split(machine.text("started"), '\n');
  for (std::size_t i = started; i + 1 < all.size(); ++i) {
    INFO(all[i]);
    CHECK(std::find(finished.begin(), finished.end(), all[i]) == finished.end());
  }
  CHECK(night_json(machine, "0001")["no_baseline"] == 8);
  machine.night(2);
  CHECK(machine.lines("history/history-a.jsonl") == 16);
}

TEST_CASE("a run that dies is untested in the night, never a match") {
  const Machine machine("if [ -e die ]; then exit 4; fi\n");
  machine.night(2);
  REQUIRE(machine.run("baseline record runs").code == 0);
  write_atomically(machine.scratch / "die", "");
  machine.night(2);
  const Json found = night_json(machine, "0002");
  CHECK(found["untested"] == 8);
  CHECK(found["match"] == 0);
  CHECK_THAT(found["runs"][0]["sentence"].get<std::string>(), Contains("failed"));
}

TEST_CASE("a damaged last line is told on the terminal and on the page, and the file keeps it") {
  const Machine machine;
  machine.night(2);
  const std::string whole = machine.text("history/history-a.jsonl"), cut = whole.substr(0, whole.size() - 20);
  std::ofstream(machine.scratch / "history/history-a.jsonl", std::ios::binary | std::ios::trunc) << cut;
  const auto second = machine.night(2);
  CHECK_THAT(second.err, Contains("the last line was cut short"));
  CHECK(machine.text("history/history-a.jsonl").starts_with(cut + "\n"));
  CHECK_THAT(machine.text("history/index.html"), Contains("history-a.jsonl: one line was left out"));
}

TEST_CASE("what cannot be a night is refused before anything runs") {
  const Machine machine;
  CHECK_THAT(machine.run("nightly").err, Contains("wants a matrix file"));
  CHECK_THAT(machine.run("nightly one.toml").err, Contains("wanted format = \"reprise.matrices/1\""));
  CHECK_THAT(machine.run("nightly night.toml --set steps=3").err, Contains("--set has no effect"));
  CHECK_THAT(machine.run("nightly --page-only").err, Contains("found no row of one"));
  CHECK_THAT(machine.run("nightly --page-only night.toml").err, Contains("leave out night.toml"));
  fs::create_directories(machine.scratch / "baselines");
  write_atomically(machine.scratch / "baselines/x.toml", "format = \"reprise.baseline/9\"\n");
  CHECK(machine.run("nightly night.toml --worker ./worker").code == 2);
  CHECK_FALSE(fs::exists(machine.scratch / "started"));
  CHECK_FALSE(fs::exists(machine.scratch / "history"));
}

TEST_CASE("a matrix file makes a folder and a report for each of its matrices, with the worst exit code") {
  const Machine machine;
  const auto printed = machine.run("matrix night.toml --worker ./worker");
  INFO(printed.out << printed.err);
  CHECK_THAT(printed.out, Contains("== one (night.toml)") && Contains("== two (night.toml)"));
  std::size_t folders = 0;
  for (const auto& path : list_folder(machine.scratch / "runs"))
    folders += path.filename().string().starts_with("matrix-") ? 1 : 0;
  CHECK(folders == 2);
  const auto json = machine.run("matrix night.toml --worker ./worker --json");
  CHECK(Json::parse(json.out)["matrices"].size() == 2);
  CHECK(json.code == printed.code);
  CHECK_THAT(machine.run("matrix night.toml --axis threads=1,2").err, Contains("beside a matrix file"));
  CHECK_THAT(machine.run("matrix one.toml --bisect some --axis repeat=2").err,
             Contains("wanted --bisect to be off, first, few or all"));
  CHECK_THAT(machine.run("matrix one.toml").err, Contains("wanted --axis"));
}
