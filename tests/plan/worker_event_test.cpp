// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/worker_event.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <limits>

#include "scratch.h"

using namespace reprise;

TEST_CASE("an event is one line, and comes back from it") {
  const WorkerEvent step{.told = Told::step, .step = 100, .steps = 200, .loss = 0.44125};
  CHECK(to_line(step) == "{\"event\":\"step\",\"step\":100,\"steps\":200,\"loss\":0.44125}\n");
  const auto again = event_of(to_line(step));
  REQUIRE(again);
  CHECK(again->told == Told::step);
  CHECK(again->step == 100);
  CHECK(again->loss == 0.44125);
  CHECK(to_sentence(*again) == "step 100 of 200, loss 0.4412");
  const auto note = event_of(to_line({.told = Told::note, .text = "two\nlines, \"quoted\""}));
  REQUIRE(note);
  CHECK(note->text == "two\nlines, \"quoted\"");
}

TEST_CASE("a step between checkpoints is told without a loss") {
  const WorkerEvent passed{.told = Told::passed, .step = 7, .steps = 200};
  CHECK(to_line(passed) == "{\"event\":\"passed\",\"step\":7,\"steps\":200}\n");
  const auto again = event_of(to_line(passed));
  REQUIRE(again);
  CHECK(again->told == Told::passed);
  CHECK(to_sentence(*again) == "step 7 of 200");
}

TEST_CASE("a loss that is not a number stays none") {
  const auto event = event_of(
      to_line({.told = Told::step, .step = 1, .steps = 2, .loss = std::numeric_limits<double>::quiet_NaN()}));
  REQUIRE(event);
  CHECK(std::isnan(event->loss));
}

TEST_CASE("what is not an event is left out") {
  for (const auto* line : {"", "step 10 of 20", "{\"event\": \"no", "[]", "{}", "{\"event\": 7}",
                           "{\"event\": \"of a newer version\"}", "{\"event\": \"step\", \"step\": \"x\"}"}) {
    INFO(line);
    CHECK_FALSE(event_of(line));
  }
}

TEST_CASE("events come once each, when their lines are whole") {
  const Scratch folder;
  EventTail tail(folder / "events.jsonl");
  CHECK(tail.news().empty());
  std::ofstream file(folder / "events.jsonl");
  file << "{\"event\":\"ready\"}\n{\"event\":\"no" << std::flush;
  REQUIRE(tail.news().size() == 1);
  CHECK(tail.news().empty());
  file << "te\",\"text\":\"x\"}\n" << std::flush;
  const auto news = tail.news();
  REQUIRE(news.size() == 1);
  CHECK(news[0].told == Told::note);
  CHECK(events_in(folder / "events.jsonl").size() == 2);
  CHECK(events_in(folder / "none.jsonl").empty());
}
