// SPDX-License-Identifier: Apache-2.0
// Who seeds a script's generators, whether it repeats on its own, and what is equal in it, from records and
// traces that are made up.
#include "harness/judge/seeds/own_seeds.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

Json seeding(const std::string& kind = "number", const std::string& value = "7") {
  return {{"call", "numpy.random.seed"},
          {"kind", kind},
          {"value", value},
          {"place", "train.py:4"},
          {"through", ""},
          {"row", 0},
          {"count", 1},
          {"same", true}};
}

Json generator(bool drawn, const Json& before, const Json& seedings = Json::array()) {
  return {{"drawn", drawn},
          {"drawn_by_row", drawn ? Json(0) : Json()},
          {"drawn_from", nullptr},
          {"drawn_before_seeding", before},
          {"seedings", seedings}};
}

Json noted(const Json& numpy) {
  return {{"imposed", true},           {"generators", {{"numpy.random", numpy}}},
          {"unseeded", Json::array()}, {"forks", 0},
          {"children", Json::array()}, {"epochs", Json::array()}};
}

Json child(int worker, const std::string& from, bool inherited) {
  Json child{{"pid", worker},
             {"name", "Process-" + std::to_string(worker)},
             {"ended", true},
             {"own", Json::object()},
             {"generators", {{"numpy.random", {{"drawn", true}, {"inherited", inherited}, {"from", from}}}}}};
  if (worker >= 0) child.update({{"worker", worker}, {"round", "1"}});
  return child;
}

Json epoch(const std::string& order, const Json& shuffles = true, std::int64_t first_row = 1) {
  return {{"loader", 0},
          {"dataset", 0},
          {"sampler", "DistributedSampler"},
          {"shuffles", shuffles},
          {"epoch", 0},
          {"place", "train.py:9"},
          {"order", order},
          {"samples", 12},
          {"whole", true},
          {"batches", 3},
          {"rows", {{first_row, 1, 3}}}};
}

// A run in `folder`: a small trace, and what the recorder noted.
RunTraces run_in(const std::filesystem::path& folder, const std::optional<Json>& random,
                 const SmallTrace& small = {}) {
  std::filesystem::create_directories(folder);
  if (!std::filesystem::exists(folder / "trace.h5")) write_small_trace(folder / "trace.h5", small);
  if (random) std::ofstream(folder / "observed.json") << Json{{"random", *random}};
  return run_of_one(Trace(folder / "trace.h5"));
}

GeneratorSeeds judged(const Json& random, const std::optional<Json>& other = {}) {
  const Scratch scratch;
  std::vector<RunTraces> runs{run_in(scratch / "a", random)};
  if (other) runs.push_back(run_in(scratch / "b", *other));
  const Seeds seeds = seeds_of(runs);
  REQUIRE(seeds.is_known());
  REQUIRE(seeds.processes.front().generators.size() == 1);
  return seeds.processes.front().generators.front();
}

std::vector<Alike> alike(const Json& random) {
  const Scratch scratch;
  const auto run = run_in(scratch / "a", random);
  return alike_in(run, seeds_of({run}));
}

Seeds seeds_with(const Json& random) {
  const Scratch scratch;
  return seeds_of({run_in(scratch / "a", random)});
}

}  // namespace

TEST_CASE("a generator is the script's own only if it was seeded with a number before it was drawn from") {
  CHECK(judged(noted(generator(false, false))).by == SeededBy::not_drawn);
  const auto only = judged(noted(generator(true, true)));
  CHECK(only.by == SeededBy::reprise);
  CHECK(only.sentence == "NumPy: seeded only by reprise, and drawn from by step 1");
  const auto own = judged(noted(generator(true, false, Json::array({seeding()}))));
  CHECK(own.by == SeededBy::script);
  CHECK(own.sentence == "NumPy: seeded by the script with 7 (train.py line 4: numpy.random.seed)");
  CHECK(judged(noted(generator(true, true, Json::array({seeding()})))).by == SeededBy::late);
  CHECK(judged(noted(generator(true, false, Json::array({seeding("entropy", "")})))).by == SeededBy::entropy);
  CHECK(judged(noted(generator(true, false, Json::array({seeding("state", "")})))).by == SeededBy::unclear);
  CHECK(judged(noted(generator(true, true, Json::array({seeding("state", ""), seeding()})))).by ==
        SeededBy::unclear);
  CHECK(judged(noted(generator(true, false, Json::array({seeding(), seeding("state", "")})))).by ==
        SeededBy::script);
  CHECK(judged(noted(generator(true, nullptr, Json::array({seeding()})))).by == SeededBy::unclear);
}

TEST_CASE("a seed that is another number in another run of the plan is no seed of the script's own") {
  const Json one = noted(generator(true, false, Json::array({seeding("number", "11")})));
  CHECK(judged(one, one).by == SeededBy::script);
  const auto other = judged(one, noted(generator(true, false, Json::array({seeding("number", "12")}))));
  CHECK(other.by == SeededBy::varying);
  CHECK_FALSE(other.is_own());
}

TEST_CASE(
    "what forked processes drew from the state of their parent counts, and what they kept to themselves is "
    "unknown") {
  Json random = noted(generator(false, false));
  random["forks"] = 2;
  CHECK(judged(random).by == SeededBy::untold);
  random["children"] = {child(0, "s", false), child(1, "t", false)};
  CHECK(judged(random).by == SeededBy::not_drawn);  // seeded by torch, in the worker
  random["children"] = {child(-1, "s", true), child(-2, "s", true)};
  const auto inherited = judged(random);
  CHECK(inherited.by == SeededBy::reprise);
  CHECK_THAT(inherited.sentence, Contains("drawn from in forked processes"));
}

TEST_CASE("a run of before there were such notes is untested, and damaged notes are none") {
  const Scratch scratch;
  const Seeds older = seeds_of({run_in(scratch / "a", std::nullopt)});
  CHECK_FALSE(older.is_known());
  CHECK_THAT(older.processes.front().untested, Contains("of an older reprise"));
  REQUIRE(no_pair(older).has_value());
  CHECK(no_pair(older)->result == OwnRepeat::untested);
  CHECK_FALSE(seeds_of({run_in(scratch / "b", Json{{"imposed", "yes"}})}).is_known());
}

TEST_CASE(
    "a pair of runs is made only where a generator in question was drawn from, as long as that is seen") {
  CHECK(no_pair(seeds_with(noted(generator(false, false))))->result == OwnRepeat::not_needed);
  CHECK(no_pair(seeds_with(noted(generator(true, false, Json::array({seeding()})))))->result ==
        OwnRepeat::not_needed);
  Json late = noted(generator(true, true));
  CHECK_FALSE(no_pair(seeds_with(late)).has_value());
  CHECK(steps_of_own_pair(seeds_with(late)) == 10);
  late["generators"]["numpy.random"]["drawn_by_row"] = 30;
  CHECK(steps_of_own_pair(seeds_with(late)) == 31);
  late["generators"]["numpy.random"]["drawn_by_row"] = 3000;
  CHECK(steps_of_own_pair(seeds_with(late)) == 50);
  Json unseeded = noted(generator(false, false));
  unseeded["unseeded"] = {{{"call", "numpy.random.default_rng"}, {"place", "train.py:5"}, {"through", ""}}};
  CHECK_FALSE(no_pair(seeds_with(unseeded)).has_value());
}

TEST_CASE("two runs of their own repeat or part, and repeating is said of no more than was shown") {
  const Scratch scratch;
  const Seeds seeds = seeds_with(noted(generator(true, true)));
  const auto run = [&](const std::string& name, std::int64_t steps, std::int64_t parts_at) {
    SmallTrace small;
    small.steps = steps;
    small.parts_at = parts_at;
    return run_in(scratch / name, std::nullopt, small);
  };
  const auto a = run("a", 6, -1);
  const OwnPair equal = compare_own(a, run("b", 6, -1), seeds, 6);
  CHECK(equal.result == OwnRepeat::repeats);
  CHECK(equal.steps == 6);
  CHECK_THAT(equal.sentence, Contains("repeats on its own in 6 steps"));
  CHECK_THAT(equal.sentence, Contains("everything but seeds was pinned"));  // a pair of an older reprise
  const OwnPair apart = compare_own(a, run("c", 6, 2), seeds, 6);
  CHECK(apart.result == OwnRepeat::parts);
  CHECK(apart.parts_at == 2);
  CHECK_THAT(apart.sentence, Contains("part at step 2 (gradients, weights)"));
  CHECK(compare_own(a, run("d", 4, -1), seeds, 6).result == OwnRepeat::parts);
  CHECK(compare_own(run("e", 0, -1), run("f", 0, -1), seeds, 6).result == OwnRepeat::untested);
  RunTraces cut = a;
  cut.cut_short = true;
  CHECK(compare_own(cut, a, seeds, 6).result == OwnRepeat::untested);
  RunTraces two = a;
  two.processes.push_back(a.processes.front());
  CHECK(compare_own(two, a, seeds, 6).result == OwnRepeat::untested);
  Json later = noted(generator(true, true));
  later["generators"]["numpy.random"]["drawn_by_row"] = 9;
  CHECK(compare_own(a, run("g", 6, -1), seeds_with(later), 6).result == OwnRepeat::untested);
}

TEST_CASE("a pair whose hash seed was free says so, whether it repeats or parts") {
  const Scratch scratch;
  const auto run = [&](const std::string& name, std::int64_t parts_at) {
    SmallTrace small;
    small.parts_at = parts_at;
    small.pins["python-hash-seed"] = "random";
    return run_in(scratch / name, std::nullopt, small);
  };
  const Seeds seeds = seeds_with(noted(generator(true, true)));
  const auto a = run("a", -1);
  CHECK_THAT(compare_own(a, run("b", -1), seeds, 6).sentence,
             Contains("everything but seeds and Python's hash seed was pinned"));
  CHECK_THAT(compare_own(a, run("c", 2), seeds, 6).sentence,
             Contains("Python's hash seed, which orders sets of texts, was left free"));
}

TEST_CASE("epochs in one order are a finding where the sampler shuffles, and none where it does not") {
  Json random = noted(generator(false, false));
  random["epochs"] = {epoch("x"), epoch("x", true, 4), epoch("y")};
  const auto found = alike(random);
  REQUIRE(found.size() == 1);
  CHECK(found[0].finding);
  CHECK_THAT(found[0].sentence, Contains("the samples of epochs 1 and 2 of a DataLoader (train.py line 9)"));
  CHECK_THAT(found[0].sentence, Contains("DistributedSampler without set_epoch()"));
  random["epochs"] = Json::array({epoch("x", false), epoch("x", false)});
  CHECK(alike(random).empty());
  random["epochs"] = {epoch("x", nullptr), epoch("x", nullptr)};
  REQUIRE(alike(random).size() == 1);
  CHECK_FALSE(alike(random)[0].finding);
  random["epochs"] = {epoch("x"), epoch("y"), epoch("x")};
  CHECK_FALSE(alike(random)[0].finding);  // two trainings may begin alike
  random["epochs"] = {epoch("x"), epoch("x")};
  for (auto& one : random["epochs"]) one["samples"] = 4;
  CHECK(alike(random).empty());  // by chance
}

TEST_CASE("workers and forked processes that draw from one state are named") {
  Json random = noted(generator(false, false));
  random["children"] = {child(0, "s", false), child(1, "s", false), child(2, "t", false)};
  const auto found = alike(random);
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].sentence, Contains("workers 0 and 1 of a DataLoader drew from NumPy"));
  random["children"] = {child(0, "s", false), child(1, "t", false)};
  CHECK(alike(random).empty());
  random["children"] = {child(-1, "s", true), child(-2, "s", true)};
  REQUIRE(alike(random).size() == 1);
  CHECK_THAT(alike(random)[0].sentence, Contains("2 forked processes"));
}

TEST_CASE("equal batches of two ranks are a finding") {
  const Scratch scratch;
  RunTraces run = run_in(scratch / "a", noted(generator(true, true)));
  SmallTrace other;
  other.order_seed = 1;
  run.processes.push_back(run.processes.front());
  run.processes[0].who.rank = "0";
  run.processes[1].who.rank = "1";
  const auto equal = alike_ranks(run, {});
  REQUIRE(equal.size() == 1);
  CHECK(equal[0].finding);
  CHECK_THAT(equal[0].sentence, Contains("ranks 0 and 1 were given equal batches in all 6 steps"));
  run.processes[1].trace = run_in(scratch / "b", std::nullopt, other).processes.front().trace;
  CHECK(alike_ranks(run, {}).empty());
}
