// SPDX-License-Identifier: Apache-2.0
// What people see while runs go on, by a clock that is made.
#include "harness/terminal/progress_lines.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "harness/base/text.h"
#include "harness/base/utf8.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

struct Shown {
  std::ostringstream out;
  std::size_t columns = 80;
  ProgressLines lines;
  double now = 0;

  explicit Shown(bool terminal) : lines(out, {terminal, [this] { return columns; }}) {}
  ProgressLines::Moment moment() const {
    return ProgressLines::Moment(std::chrono::milliseconds(static_cast<std::int64_t>(now * 1000)));
  }
  void tell(LaunchEvent event) {
    event.at = moment();
    lines.take(event);
  }
  void plan(const std::vector<std::string>& names, std::int64_t steps) {
    LaunchEvent event{.told = LaunchTold::planned};
    for (const auto& name : names) event.planned.push_back({name, steps, 1});
    tell(event);
  }
  void tell(LaunchTold told, const std::string& name, std::size_t run, std::int64_t step = 0,
            std::int64_t steps = 0) {
    LaunchEvent event{.told = told};
    event.name = name;
    event.run = run;
    event.step = step;
    event.steps = steps;
    event.outcome.ending = Ending::done;
    event.outcome.seconds = 20;
    tell(event);
  }
  // What was written since the last look.
  std::string news() {
    std::string text = out.str();
    out.str("");
    return text;
  }
};

}  // namespace

TEST_CASE("a terminal shows runs, the step of the newest and the time left, in one line") {
  Shown shown(true);
  shown.plan({"threads=1", "threads=2"}, 101);
  CHECK(shown.news() == "\r\x1b[K0 of 2 runs");
  shown.now = 1;
  shown.tell(LaunchTold::started, "threads=1", 0);
  CHECK(shown.news() == "\r\x1b[K0 of 2 runs; threads=1");
  shown.now = 2;
  shown.tell(LaunchTold::checkpoint, "threads=1", 0, 1, 101);
  CHECK(shown.news() == "\r\x1b[K0 of 2 runs; threads=1: step 1 of 101");
  shown.now = 12;
  shown.tell(LaunchTold::checkpoint, "threads=1", 0, 51, 101);
  CHECK(shown.news() == "\r\x1b[K0 of 2 runs; threads=1: step 51 of 101; about 31 s left");
  shown.now = 21;
  shown.tell(LaunchTold::ended, "threads=1", 0);
  CHECK(shown.news() == "\r\x1b[K1 of 2 runs; threads=1: step 51 of 101; about 20 s left");
}

TEST_CASE("a terminal's line is written over five times a second at most") {
  Shown shown(true);
  shown.plan({"a"}, 1000);
  std::size_t drawn = 0;
  for (int i = 0; i < 1000; ++i) {
    shown.now = i * 0.01;
    shown.tell(LaunchTold::checkpoint, "a", 0, i, 1000);
    if (!shown.news().empty()) ++drawn;
  }
  CHECK(drawn <= 50);
  CHECK(drawn >= 45);
}

TEST_CASE("a line is never wider than the terminal, and control characters do not reach it") {
  const std::string wide = "arg:--name=\xE6\xBC\xA2\xE5\xAD\x97\n\x1b[31m" + std::string(200, 'x');
  for (std::size_t columns = 1; columns <= 120; ++columns) {
    Shown shown(true);
    shown.columns = columns;
    shown.plan({wide, "b"}, 101);
    shown.now = 5;
    shown.tell(LaunchTold::started, wide, 0);
    shown.now = 10;
    shown.tell(LaunchTold::checkpoint, wide, 0, 1, 101);
    shown.news();
    shown.now = 20;
    shown.tell(LaunchTold::checkpoint, wide, 0, 51, 101);
    const std::string line = shown.news();
    REQUIRE(line.starts_with("\r\x1b[K"));
    const std::string text = line.substr(4);
    INFO(columns << ": " << text);
    CHECK(width_of(text) <= columns);
    CHECK(text.find_first_of("\n\x1b\r") == std::string::npos);
    if (columns >= 80) CHECK_THAT(text, Contains("step 51 of 101; about"));
  }
}

TEST_CASE("what changed since a run was made stays above a terminal's line") {
  Shown shown(true);
  shown.plan({"a"}, 10);
  shown.news();
  LaunchEvent event{.told = LaunchTold::anew};
  event.name = "a";
  event.text = "data.txt changed since this run was made";
  shown.tell(event);
  CHECK_THAT(shown.news(), Contains("a: data.txt changed since this run was made: it is run again\n"));
}

TEST_CASE("elsewhere there is a plain line at a start and an end, and the time left every 30 s at most") {
  Shown shown(false);
  shown.plan({"a", "b"}, 101);
  shown.tell(LaunchTold::started, "a", 0);
  shown.now = 1;
  shown.tell(LaunchTold::checkpoint, "a", 0, 1, 101);
  CHECK(shown.news() == "a: started\n");
  for (int i = 1; i <= 50; ++i) {
    shown.now = 1 + i;
    shown.tell(LaunchTold::checkpoint, "a", 0, 1 + i, 101);
  }
  CHECK(shown.news() == "0 of 2 runs; about 3 min left\n");
  shown.tell(LaunchTold::step, "a", 0, 52, 101);
  CHECK(shown.news().empty());
  shown.now = 101;
  shown.tell(LaunchTold::ended, "a", 0);
  CHECK(shown.news() == "a: done in 20.0 s\n1 of 2 runs; about 20 s left\n");
  shown.now = 102;
  shown.tell(LaunchTold::reused, "b", 1);
  CHECK(shown.news() == "b: exists already\n");
}

TEST_CASE("plain lines hold no time left without a basis and no carriage return") {
  Shown shown(false);
  shown.plan({"a", "b"}, 0);
  shown.tell(LaunchTold::started, "a", 0);
  for (int i = 1; i < 1000; ++i) {
    shown.now = i;
    shown.tell(LaunchTold::time_passed, "", 0);
  }
  CHECK(shown.news() == "a: started\n");
}

TEST_CASE("work that is counted is told by its pace so far") {
  Shown shown(true);
  shown.lines.count(0, 4, "traces read", shown.moment());
  CHECK(shown.news() == "\r\x1b[K0 of 4 traces read");
  shown.now = 3;
  shown.lines.count(1, 4, "traces read", shown.moment());
  CHECK(shown.news() == "\r\x1b[K1 of 4 traces read; about 9 s left");
  Shown plain(false);
  plain.lines.count(0, 4, "traces read", plain.moment());
  plain.now = 29;
  plain.lines.count(1, 4, "traces read", plain.moment());
  CHECK(plain.news().empty());
  plain.now = 58;
  plain.lines.count(2, 4, "traces read", plain.moment());
  CHECK(plain.news() == "2 of 4 traces read; about 58 s left\n");
}
