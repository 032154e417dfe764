// SPDX-License-Identifier: Apache-2.0
// Time left, by a clock that is made: seconds are passed in.
#include "harness/launch/time_left.h"

#include <catch2/catch.hpp>

using namespace reprise;

namespace {

TimeLeft::Moment at(double seconds) {
  return TimeLeft::Moment(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

LaunchEvent event_of(LaunchTold told, std::size_t run, double seconds) {
  LaunchEvent event{.told = told};
  event.run = run;
  event.at = at(seconds);
  return event;
}

// A launch of runs with so many steps each.
TimeLeft launch_of(const std::vector<std::int64_t>& steps, int cores = 1) {
  LaunchEvent event{.told = LaunchTold::planned};
  for (const auto count : steps) event.planned.push_back({"run", count, 1});
  event.cores = cores;
  TimeLeft left;
  left.take(event);
  return left;
}

void start(TimeLeft& left, std::size_t run, double seconds) {
  left.take(event_of(LaunchTold::started, run, seconds));
}

void reach(TimeLeft& left, std::size_t run, std::int64_t step, double seconds) {
  LaunchEvent event = event_of(LaunchTold::checkpoint, run, seconds);
  event.step = step;
  left.take(event);
}

void end(TimeLeft& left, std::size_t run, double took, double seconds, Ending ending = Ending::done) {
  LaunchEvent event = event_of(LaunchTold::ended, run, seconds);
  event.outcome.ending = ending;
  event.outcome.seconds = took;
  left.take(event);
}

}  // namespace

TEST_CASE("nothing is said of the time left before something was measured") {
  TimeLeft left = launch_of({100, 100});
  CHECK_FALSE(left.seconds(at(0)));
  start(left, 0, 0);
  CHECK_FALSE(left.seconds(at(50)));
  reach(left, 0, 1, 2);
  CHECK_FALSE(left.seconds(at(50)));
}

TEST_CASE("the pace between two checkpoints tells how long this run and the next will take") {
  TimeLeft left = launch_of({101, 101});
  start(left, 0, 0);
  reach(left, 0, 1, 2);
  reach(left, 0, 51, 12);  // 0.2 s a step: 10 s more of this one, 22 s of the next
  REQUIRE(left.seconds(at(12)));
  CHECK(*left.seconds(at(12)) == Approx(32));
  CHECK(*left.seconds(at(15)) == Approx(29));
}

TEST_CASE("a run that is done is the measure of those to come, longer ones by their steps") {
  TimeLeft left = launch_of({100, 100, 200});
  start(left, 0, 0);
  reach(left, 0, 10, 3);
  reach(left, 0, 90, 11);  // 0.1 s a step
  end(left, 0, 13, 13);
  CHECK(left.settled() == 1);
  CHECK(*left.seconds(at(13)) == Approx(13 + 23));
  start(left, 1, 13);
  CHECK(*left.seconds(at(18)) == Approx(8 + 23));
}

TEST_CASE("a run whose pace was not seen is no measure of one with other steps") {
  TimeLeft left = launch_of({100, 200});
  start(left, 0, 0);
  end(left, 0, 13, 13);
  CHECK_FALSE(left.seconds(at(13)));
}

TEST_CASE("runs that were reused, failed or were interrupted are no measure") {
  TimeLeft left = launch_of({100, 100, 100});
  left.take(event_of(LaunchTold::reused, 0, 0));
  start(left, 1, 0);
  end(left, 1, 4, 4, Ending::failed);
  CHECK(left.settled() == 2);
  CHECK_FALSE(left.seconds(at(4)));
}

TEST_CASE("two checkpoints that were seen at once are no measure") {
  TimeLeft left = launch_of({100});
  start(left, 0, 0);
  reach(left, 0, 1, 5);
  reach(left, 0, 50, 5.05);
  CHECK_FALSE(left.seconds(at(6)));
}

TEST_CASE("commands, whose steps nobody knows, are measured by those that are done") {
  TimeLeft left = launch_of({0, 0, 0});
  start(left, 0, 0);
  CHECK_FALSE(left.seconds(at(9)));
  end(left, 0, 10, 10);
  CHECK(*left.seconds(at(10)) == Approx(20));
  start(left, 1, 10);
  CHECK(*left.seconds(at(14)) == Approx(16));
}

TEST_CASE("a run that outlasts its measure leaves the time unknown") {
  TimeLeft left = launch_of({0, 0});
  start(left, 0, 0);
  end(left, 0, 10, 10);
  start(left, 1, 10);
  CHECK(left.seconds(at(19)));
  CHECK_FALSE(left.seconds(at(21)));
}

TEST_CASE("runs side by side share the cores") {
  TimeLeft left = launch_of({0, 0, 0, 0, 0}, 2);
  start(left, 0, 0);
  end(left, 0, 10, 10);
  CHECK(*left.seconds(at(10)) == Approx(20));
}

TEST_CASE("when all is settled there is no time left to tell, and the next launch begins anew") {
  TimeLeft left = launch_of({10});
  start(left, 0, 0);
  end(left, 0, 10, 10);
  CHECK_FALSE(left.seconds(at(10)));
  LaunchEvent again{.told = LaunchTold::planned};
  again.planned.push_back({"other", 10, 1});
  left.take(again);
  CHECK(left.runs() == 1);
  CHECK(left.settled() == 0);
  CHECK_FALSE(left.seconds(at(20)));
}

TEST_CASE("durations are told in the unit that suits them, rounded up") {
  CHECK(duration_words(0.2) == "1 s");
  CHECK(duration_words(89) == "89 s");
  CHECK(duration_words(91) == "2 min");
  CHECK(duration_words(3 * 3600) == "3.0 h");
}
