// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/events_file.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/terminal/progress_options.h"
#include "program.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::vector<nlohmann::json> events_in_file(const std::filesystem::path& path) {
  std::vector<nlohmann::json> lines;
  for (const auto& line : split(read_file(path, "events"), '\n'))
    if (!line.empty()) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

LaunchEvent checkpoint_of_a() {
  LaunchEvent event{.told = LaunchTold::checkpoint};
  event.name = "a";
  event.folder = "runs/1f/1";
  event.step = 10;
  event.steps = 20;
  event.loss = 0.5;
  return event;
}

EventsFile::Moment at(int seconds) { return EventsFile::Moment(std::chrono::seconds(seconds)); }

}  // namespace

TEST_CASE("each event is one JSON line with its schema, run and moment") {
  Scratch scratch;
  const auto path = scratch / "events.jsonl";
  {
    EventsFile file(path, at(100));
    LaunchEvent event{.told = LaunchTold::planned};
    event.at = at(100);
    event.planned = {{"a", 20, 1}, {"b", 0, 2}};
    file.take(event);
    event = checkpoint_of_a();
    event.at = at(107);
    file.take(event);
    event.told = LaunchTold::time_passed;
    file.take(event);
    event.told = LaunchTold::ended;
    event.outcome.ending = Ending::failed;
    event.outcome.reason = "exit code 7";
    event.outcome.seconds = 3.5;
    file.take(event);
    file.verdict(2, "It cannot be told.", {"runs/report.html"}, at(109));
  }
  const auto events = events_in_file(path);
  REQUIRE(events.size() == 4);
  for (const auto& event : events) CHECK(event["schema"] == "reprise.events/1");
  CHECK(events[0]["event"] == "planned");
  CHECK(events[0]["runs"][0]["steps"] == 20);
  CHECK_FALSE(events[0]["runs"][1].contains("steps"));
  CHECK(events[1]["event"] == "checkpoint");
  CHECK(events[1]["seconds"] == 7.0);
  CHECK(events[1]["step"] == 10);
  CHECK(events[2]["ending"] == "failed");
  CHECK(events[2]["reason"] == "exit code 7");
  CHECK(events[3]["event"] == "verdict");
  CHECK(events[3]["exit_code"] == 2);
  CHECK(events[3]["files"][0] == "runs/report.html");
  CHECK_NOTHROW(EventsFile(path, at(0)));  // events of before may go
}

TEST_CASE("a file that cannot be written, or that is something else, is refused") {
  Scratch scratch;
  CHECK_THROWS_WITH(EventsFile(scratch / "none/e.jsonl", at(0)), Contains("cannot write events to"));
  write_atomically(scratch / "train.py", "import torch\n");
  CHECK_THROWS_WITH(EventsFile(scratch / "train.py", at(0)), Contains("with something else in it"));
  CHECK(read_file(scratch / "train.py", "script") == "import torch\n");
}

TEST_CASE("whoever was not opened tells nobody, and opening twice keeps the first events") {
  Scratch scratch;
  ProgressChoices choices;
  choices.quiet = true;
  choices.events = (scratch / "e.jsonl").string();
  tell_verdict(choices, 0, "nobody hears this");
  CHECK_FALSE(std::filesystem::exists(choices.events));
  progress_of(choices).verdict(0, "one", {});
  progress_of(choices).verdict(1, "two", {});
  CHECK(events_in_file(choices.events).size() == 2);
}

TEST_CASE("reprise refuses a bad file of events before anything runs, and is quiet when asked") {
  Scratch scratch;
  const std::string options =
      "run --runs runs --set artifacts=ran.txt --events none/e.jsonl -- /bin/sh -c 'echo > ran.txt'";
  const auto refused = run_program(scratch.path(), options);
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "cannot write events to none/e.jsonl"));
  CHECK_FALSE(std::filesystem::exists(scratch / "ran.txt"));
  const auto quiet = run_program(
      scratch.path(),
      "run --runs runs --set artifacts=ran.txt --quiet --events e.jsonl -- /bin/sh -c 'echo hi > ran.txt'");
  INFO(quiet.out << quiet.err);
  CHECK(quiet.code == 0);
  CHECK(quiet.err.empty());
  CHECK_FALSE(quiet.out.empty());
  const auto events = events_in_file(scratch / "e.jsonl");
  REQUIRE(events.size() >= 4);
  CHECK(events.front()["event"] == "planned");
  CHECK(events.back()["event"] == "verdict");
  CHECK(events.back()["exit_code"] == 0);
  const auto loud = run_program(
      scratch.path(), "run --runs runs --again --set artifacts=ran.txt -- /bin/sh -c 'echo hi > ran.txt'");
  CHECK(contains(loud.err, ": started\n"));
  CHECK(contains(loud.err, ": done in "));
  CHECK(loud.err.find('\r') == std::string::npos);
}

TEST_CASE("a diff of traces writes its verdict among the events") {
  Scratch scratch;
  for (const auto* name : {"a", "b", "c"}) {
    std::filesystem::create_directory(scratch / name);
    write_small_trace(scratch / name / "trace.h5", {});
  }
  const auto printed = run_program(scratch.path(), "diff a b c --events e.jsonl");
  INFO(printed.err);
  const auto events = events_in_file(scratch / "e.jsonl");
  REQUIRE(events.size() == 1);
  CHECK(events[0]["event"] == "verdict");
  CHECK(events[0]["exit_code"] == printed.code);
}
