// SPDX-License-Identifier: Apache-2.0
// Runs that did not start alike are told so before anything else is blamed.
#include "harness/judge/compare/starts.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/plan/recipe.h"
#include "scratch.h"

using namespace reprise;

namespace fs = std::filesystem;

namespace {

constexpr const char* folder = "/work/project";

std::string line(const std::string& name, const std::string& first, const std::string& state) {
  return "{\"path\": \"" + std::string(folder) + "/" + name + "\", \"first\": \"" + first + "\", " + state +
         "}\n";
}

struct MadeRuns {
  Scratch scratch;
  Starts starts;

  fs::path add(const std::string& name, const std::string& lines, const Snapshot& files = {}) {
    fs::create_directories(scratch / name);
    write_start({{}, {}, folder, files, true, ""}, scratch / name);
    write_atomically(scratch / name / "files-1.jsonl", lines);
    return scratch / name;
  }
};

const std::string absent = "\"absent\": true";
const std::string one = "\"bytes\": 1, \"identity\": \"1 5 9\", \"sha256\": \"aa\"";
const std::string two = "\"bytes\": 1, \"identity\": \"1 6 9\", \"sha256\": \"bb\"";

}  // namespace

TEST_CASE("a file that the first run wrote and the second read is the reason") {
  MadeRuns made;
  const auto a = made.add("a", line("last.pt", "write", absent));
  const auto b = made.add("b", line("last.pt", "read", one), {{"last.pt", "1 5 9"}});
  const auto found = made.starts.difference(a, b);
  REQUIRE(found);
  CHECK(found->file == "last.pt");
  CHECK(found->absent_a);
  CHECK(found->wrote_a);
  CHECK(to_words(*found, "baseline", "repeat=2") ==
        "last.pt was not there for baseline, which wrote it; repeat=2 read it");
  const auto other_way = made.starts.difference(b, a);
  REQUIRE(other_way);
  CHECK(to_words(*other_way, "repeat=2", "baseline") ==
        "last.pt was not there for baseline, which wrote it; repeat=2 read it");
}

TEST_CASE("a file that was written in a way nobody saw is known by the snapshots of the folder") {
  MadeRuns made;
  const auto a = made.add("a", line("x", "read", absent));
  const auto b = made.add("b", line("cache.h5", "read", one), {{"cache.h5", "1 5 9"}});
  write_changed({std::string(folder) + "/cache.h5"}, a);
  const auto found = made.starts.difference(a, b);
  REQUIRE(found);
  CHECK(found->file == "cache.h5");
  CHECK(found->wrote_a);
}

TEST_CASE("equal content is a like start, whatever its time") {
  MadeRuns made;
  const std::string later = "\"bytes\": 1, \"identity\": \"1 8 10\", \"sha256\": \"aa\"";
  const auto a = made.add("a", line("data", "read", one), {{"data", "1 5 9"}});
  const auto b = made.add("b", line("data", "read", later), {{"data", "1 8 10"}});
  const auto c = made.add("c", line("data", "read", two), {{"data", "1 6 9"}});
  CHECK_FALSE(made.starts.difference(a, b));
  const auto found = made.starts.difference(a, c);
  REQUIRE(found);
  CHECK(to_words(*found, "one", "two") == "data held something else when one began than when two did");
}

TEST_CASE("a file that one run alone opened and both had there is no difference") {
  MadeRuns made;
  const auto a = made.add("a", line("x", "read", one), {{"data", "1 5 9"}, {"x", "1 5 9"}});
  const auto b = made.add("b", line("data", "read", one), {{"data", "1 5 9"}, {"x", "1 5 9"}});
  CHECK_FALSE(made.starts.difference(a, b));
}

TEST_CASE("a file that came into being within a run is none that it started with") {
  MadeRuns made;
  const auto a = made.add("a", line("x", "read", absent));
  const auto b = made.add("b", line("tokens.bin", "read", one));
  CHECK_FALSE(made.starts.difference(a, b));
}

TEST_CASE("what lies in a folder that no snapshot looks into is not said to have been absent") {
  MadeRuns made;
  const Snapshot files{{".hidden/", "left out"}, {"known/", "folder"}};
  const auto a = made.add("a", line("x", "read", absent), files);
  const auto b = made.add("b", line(".hidden/data", "read", one), files);
  CHECK_FALSE(made.starts.difference(a, b));
  const auto c = made.add("c", line(".hidden/data", "read", two), files);
  CHECK(made.starts.difference(b, c));
  const auto d =
      made.add("d", line("known/data", "read", one), {{"known/", "folder"}, {"known/data", "1 5 9"}});
  CHECK(made.starts.difference(a, d));
}

TEST_CASE("of several runs it is said once who read what who wrote") {
  MadeRuns made;
  Configuration first, second, third;
  first.name = "baseline";
  first.folder = made.add("a", line("last.pt", "write", absent));
  second.name = "repeat=2";
  second.folder = made.add("b", line("last.pt", "read", one), {{"last.pt", "1 5 9"}});
  third.name = "threads=2";
  third.folder = made.add("c", line("last.pt", "read", one), {{"last.pt", "1 5 9"}});
  CHECK(unlike_starts({&first, &second, &third}, {0, 1, 1}, made.starts) ==
        "The runs did not start alike: last.pt was not there for baseline, which wrote it; the others read "
        "it.");
  CHECK(unlike_starts({&first, &second}, {0, 0}, made.starts).empty());
}

TEST_CASE("runs of which nothing is noted are not said to have started otherwise") {
  MadeRuns made;
  fs::create_directories(made.scratch / "old");
  const auto b = made.add("b", line("data", "read", one));
  CHECK_FALSE(made.starts.difference(made.scratch / "old", b));
}

TEST_CASE(
    "a variable that was handed on by name, with another value, is told before anything else is blamed") {
  MadeRuns made;
  const auto with = [&](const std::string& name, const Facts& given) {
    const auto run = made.add(name, "");
    write_start({given, {}, folder, {}, true, ""}, run);
    Plan plan = recipe_of_command({"python", "train.py"}).defaults;
    plan.command->keep_env = {"SCALE", "HOME"};
    write_atomically(run / "plan.toml", to_toml(plan));
    return run;
  };
  const auto a = with("a", {{"variable HOME", "1"}, {"variable SCALE", "aa"}, {"variable OTHER", "1"}});
  const auto b = with("b", {{"variable HOME", "1"}, {"variable SCALE", "bb"}, {"variable OTHER", "2"}});
  const auto c = with("c", {{"variable HOME", "1"}, {"variable OTHER", "1"}});
  const auto found = made.starts.difference(a, b);
  REQUIRE(found);
  CHECK(to_words(*found, "run 1", "run 2") ==
        "the variable SCALE had another value for run 1 than for run 2");
  CHECK(way_out(*found) == "Set SCALE alike for both, or make an axis of it: --axis env:SCALE=A,B");
  const auto unset = made.starts.difference(a, c);
  REQUIRE(unset);
  CHECK(to_words(*unset, "run 1", "run 2") == "the variable SCALE was not set for run 2; run 1 had it");
  CHECK_FALSE(made.starts.difference(a, a));
}

TEST_CASE("equal runs show nothing where one read what another wrote, and only there") {
  MadeRuns made;
  const auto a = made.add("a", line("cache.npy", "write", absent));
  const auto b = made.add("b", line("cache.npy", "read", one), {{"cache.npy", "1 5 9"}});
  CHECK(
      unlike_repeats({a, b}, true) ==
      "The runs are equal, and that shows nothing. The runs did not start alike: cache.npy was not there for "
      "run 1, which wrote it; run 2 read it. With --fresh each run begins with its own view of the working "
      "folder.");
  CHECK(unlike_repeats({a, b}, false).starts_with("The runs did not start alike: cache.npy"));
  const auto c = made.add("c", line("data.txt", "read", one), {{"data.txt", "1 5 9"}});
  const auto d = made.add("d", line("data.txt", "read", two), {{"data.txt", "1 6 9"}});
  CHECK(unlike_repeats({c, d}, true).empty());  // nobody wrote it: the bits are equal whatever it held
  CHECK_FALSE(unlike_repeats({c, d}, false).empty());
  CHECK(left_by_another({{"x", a}, {"y", b}}, made.starts).starts_with("The runs did not start alike"));
}
