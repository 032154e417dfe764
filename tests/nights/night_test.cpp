// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/history/night.h"

#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "nights/made_history.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::chrono::system_clock::time_point at(std::int64_t seconds) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

Night begun(const Scratch& scratch, std::int64_t seconds, const std::string& matrix = "m") {
  return begin_night(scratch.path(), "a", matrix, read_history(scratch.path()), at(seconds));
}

}  // namespace

TEST_CASE("a night that was ended in the middle goes on, and a finished one is followed by the next") {
  const Scratch scratch;
  const Night first = begun(scratch, 1000);
  CHECK(first.number == 1);
  CHECK(first.begun == "1970-01-01T00:16:40Z");
  CHECK_FALSE(first.goes_on);
  const Night again = begun(scratch, 5000);
  CHECK(again.number == 1);
  CHECK(again.begun == first.begun);
  CHECK(again.goes_on);
  CHECK_THAT(again.notes.at(0), Contains("Night 1 was ended in the middle and goes on"));
  append_rows(scratch.path(), "a", std::vector{made_row(1, "waves", "match")});
  finish_night(scratch.path(), "a");
  CHECK(begun(scratch, 9'000'000'000).number == 2);
}

TEST_CASE("an unfinished night of another matrix file is left as it is") {
  const Scratch scratch;
  begun(scratch, 1000);
  const Night next = begun(scratch, 2000, "another");
  CHECK(next.number == 2);
  CHECK_FALSE(next.goes_on);
  CHECK_THAT(next.notes.at(0), Contains("the matrix file changed since"));
}

TEST_CASE("a clock that was set back is told, and nights keep the order of their numbers") {
  const Scratch scratch;
  HistoryRow row = made_row(7, "waves", "match");
  row.date = "2026-11-27T03:00:00Z";
  append_rows(scratch.path(), "a", std::vector{row});
  const Night night = begun(scratch, 0);
  CHECK(night.number == 8);
  REQUIRE(night.notes.size() == 1);
  CHECK_THAT(night.notes[0], Contains("night 7 began at 2026-11-27T03:00:00Z: it was set back"));
}

TEST_CASE("a night whose rows were lost keeps its number, since its reports are there") {
  const Scratch scratch;
  std::filesystem::create_directories(night_folder(scratch.path(), "a", 12));
  CHECK(begun(scratch, 1000).number == 13);
}

TEST_CASE("two nights of one machine at once are refused, of two machines not") {
  const Scratch scratch;
  {
    const NightLock held(scratch.path(), "a");
    CHECK_THROWS_WITH(NightLock(scratch.path(), "a"),
                      Contains("another night of a is running on the history"));
    const NightLock other(scratch.path(), "b");
  }
  const NightLock after(scratch.path(), "a");
}

TEST_CASE("a damaged note of the night that runs is refused with its line") {
  const Scratch scratch;
  write_atomically(scratch / "night-a.toml", "night = 0\nbegun = \"x\"\nmatrix = \"m\"\n");
  CHECK_THROWS_WITH(begun(scratch, 0), Contains("night-a.toml:1: night: wanted a night's number from 1"));
}

TEST_CASE("machines are called as files can be") {
  CHECK(machine_name("node-7.example") == "node-7.example");
  CHECK(machine_name("../a b") == "machine..-a-b");
  CHECK(machine_name("") == "machine");
}
